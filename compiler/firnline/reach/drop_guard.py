"""Is an answer too small to be true: empty, or much smaller than the last complete one?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from firnline.diagnostics.how_many import how_many
from firnline.language.fleet_registries import DropGuard


@dataclass(frozen=True, slots=True)
class LastComplete:
    """How many references a registry gave when it was last read whole."""

    references: int
    at: datetime


def too_small(
    references: int,
    *,
    names_nothing: bool,
    last: LastComplete | None,
    guard: DropGuard,
    today: date,
) -> str | None:
    """The sentence with the remedy. `names_nothing`: neither references nor anything unneeded."""
    if names_nothing and guard.may_be_empty is None:
        return (
            "names nothing at all, as a wrong address or a missing permission would: correct it, or"
            " say why that is right with `may_be_empty` in the fleet file"
        )
    if last is None or references * 100 >= last.references * (100 - guard.may_shrink_by):
        return None
    if guard.shrank_until is not None:
        lifted = _date(guard.shrank_until.value)
        if lifted is None:
            return f"has `until: {guard.shrank_until.value}`, which is no date: correct `shrank`"
        if today <= lifted:
            return None
    return (
        f"names {how_many(references, 'reference')}, and {last.references:,} on"
        f" {last.at:%Y-%m-%d}: see what happened to the others; if it is right, say so in"
        " the fleet file with `shrank: {until: <date>, why: <reason>}`"
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
