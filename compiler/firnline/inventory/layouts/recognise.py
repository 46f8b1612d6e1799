"""By an inventory: which layouts do the keys of its current objects show, and how much is there?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from firnline.consumers.found import Found
from firnline.consumers.table import LAYOUTS
from firnline.inventory.facts.conditions import interval_of_key
from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.table import Facts
from firnline.inventory.layouts.cuts import cuts
from firnline.inventory.layouts.recognised import Recognised, recognised
from firnline.s3.terms import Bytes

MOST: Final = 10_000
"""Of the layouts of one kind; those that most objects show are kept."""
MOST_MEASURED: Final = 400
"""How many are told apart in one scan."""

_SHOWN: Final = (Column.IS_LATEST, Column.IS_DELETE_MARKER)


def recognise(facts: Facts) -> tuple[Recognised, ...]:
    """In one scan of the keys. Raises what a query of `facts` raises."""
    sql = f"""
        with shown_by as (
            select shown, count(*)::bigint as objects from objects
            where shown is not null and is_latest and not is_delete_marker group by shown
        )
        select shown, objects from shown_by qualify row_number() over (
            partition by split_part(shown, ':', 1) order by objects desc, shown
        ) <= {MOST}
    """
    counts: dict[Found, int] = {}
    for batch in facts.query(sql, _SHOWN, {"shown": _shown()}):
        for shown, objects in zip(*batch.to_pydict().values(), strict=True):
            number, _, root = shown.partition(":")
            counts[Found(LAYOUTS[int(number)], root)] = objects
    return recognised(counts)


@dataclass(frozen=True, slots=True)
class Measured:
    """How much is stored below the root of a layout, in current objects."""

    recognised: Recognised
    objects: int
    bytes: Bytes


def measure(facts: Facts, found: Sequence[Recognised]) -> tuple[Measured, ...]:
    """Of those that most objects show, at most `MOST_MEASURED`, in the order of `found`. Raises
    what a query of `facts` raises.
    """
    kept = set(sorted(found, key=lambda each: -(each.shown_by or 0))[:MOST_MEASURED])
    chosen = [each for each in found if each in kept]
    keys = cuts(each.found for each in chosen)
    sql = """
        select place, count(*)::bigint as objects, coalesce(sum(size), 0)::bigint as bytes
        from objects where is_latest and not is_delete_marker group by place
    """
    volumes: list[tuple[str, int, int]] = []
    columns = (Column.SIZE, *_SHOWN)
    for batch in facts.query(sql, columns, {"place": interval_of_key(keys)}):
        for place, objects, size in zip(*batch.to_pydict().values(), strict=True):
            volumes.append((keys[place - 1] if place else "", objects, size))
    return tuple(_measured(each, volumes) for each in chosen)


def _measured(of: Recognised, volumes: Iterable[tuple[str, int, int]]) -> Measured:
    there = [(objects, size) for key, objects, size in volumes if of.found.holds(key)]
    return Measured(of, sum(each for each, _ in there), Bytes(sum(size for _, size in there)))


def _shown() -> str:
    """The number of the first layout that a key shows, a colon and its root; null of none."""
    cases = []
    for number, layout in enumerate(LAYOUTS):
        mark = layout.mark
        hinted = " or ".join(f"contains(key, {quoted(hint)})" for hint in layout.hints)
        root = f"regexp_extract(key, {quoted(f'^(?:{mark})$')}, 1, 's')"
        is_one = f"({hinted}) and regexp_full_match(key, {quoted(mark)}, 's')"
        cases.append(f"when {is_one} then '{number}:' || {root}")
    return f"case {' '.join(cases)} end"
