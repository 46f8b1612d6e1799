"""Texts that a registry stores as locations → references, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from firnline.diagnostics.masked import without_secrets
from firnline.diagnostics.visible import visible
from firnline.reach.location import UnknownLocation, locations_of
from firnline.reach.references import Reference, Strength

_NAMED: Final = 3
_LONGEST: Final = 120


@dataclass(slots=True)
class Refused:
    """Records without a location that we understand: what they need is not known, so that nothing
    may be concluded. Bounded: the first few are named, the others counted.
    """

    count: int = 0
    named: list[str] = field(default_factory=list)

    def add(self, record: str, why: str) -> None:
        self.count += 1
        if len(self.named) < _NAMED:
            self.named.append(visible(f"{record} {without_secrets(why)}")[:_LONGEST])

    def problems(self, remedy: str) -> tuple[str, ...]:
        """None or one."""
        if not self.count:
            return ()
        more = f", and {self.count - len(self.named)} more" if self.count > len(self.named) else ""
        return (f"{'; '.join(self.named)}{more}: {remedy}",)


def references_of(
    text: Any,
    record: str,
    refused: Refused,
    owner: str | None = None,
    *,
    strength: Strength = Strength.PIN,
    experiment: str | None = None,
) -> Iterator[Reference]:
    """In all readings of the text; none where it is refused. `record` is the entry in words."""
    if not isinstance(text, str) or not text.strip():
        refused.add(record, "has no location" if not text else "has a location that is no text")
        return
    try:
        for location in locations_of(text):
            yield Reference(location, strength, (record,), owner, experiment)
    except UnknownLocation as why:
        refused.add(record, str(why))
