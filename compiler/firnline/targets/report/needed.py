"""What registries need, and what nobody needs, as a report tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from firnline.diagnostics.kinds import Diagnostic


@dataclass(frozen=True, slots=True)
class Needed:
    """`findings` say what policies do to what the registries need, and why the answer may be
    outdated. `days_as_of`: of each bucket where that loses something, when the objects were listed
    by which it is known on which day; None where nothing lists them.
    """

    read_on: date
    registries: tuple[str, ...]
    references: int
    findings: tuple[Diagnostic, ...]
    days_as_of: Mapping[str, datetime | None]

    @property
    def on_which_days(self) -> Iterator[str]:
        """Sentences."""
        known = [moment for moment in self.days_as_of.values() if moment is not None]
        if known:
            yield (
                f"The days are those of what was stored at {min(known):%Y-%m-%d %H:%M}Z: what is"
                " written later is lost later."
            )
        if unknown := [name for name, moment in self.days_as_of.items() if moment is None]:
            yield (
                f"The days are not known of {', '.join(unknown)}: --inventory lists the objects"
                " that are stored there."
            )


class Orphans(NamedTuple):
    """Objects of a bucket that nothing needs, for one reason."""

    bucket: str
    reason: str
    owner: str | None
    objects: int
    bytes: int
    usd_a_month: Fraction

    def plus(self, other: Orphans) -> Orphans:
        """Of the same bucket, reason and owner."""
        return self._replace(
            objects=self.objects + other.objects,
            bytes=self.bytes + other.bytes,
            usd_a_month=self.usd_a_month + other.usd_a_month,
        )


@dataclass(frozen=True, slots=True)
class Unneeded:
    """By an audit: `read_on` is when the registries were read, and `facts` say of each bucket what
    tells what it stores. The most bytes first.
    """

    read_on: str
    prices: str
    facts: tuple[str, ...]
    orphans: tuple[Orphans, ...]
