"""How often is what is stored read, at which age, and what does that cost a month?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final, NamedTuple

from firnline.s3.simulate.stored import StoredItem

DAYS_OF_A_MONTH: Final = 30


class ReadVolume(NamedTuple):
    """In the time of which all reads are known. `restores`: as often as an archived object would
    have to be restored, once for each day with reads of it, with all its bytes.
    """

    reads: int = 0
    bytes: int = 0
    restores: int = 0
    restored_bytes: int = 0

    def plus(self, other: ReadVolume) -> ReadVolume:
        return ReadVolume(*(one + two for one, two in zip(self, other, strict=True)))


class ReadCell(NamedTuple):
    """Reads of what rules treat alike, so many days old; `example` is one object of it."""

    example: StoredItem
    age: int
    volume: ReadVolume


@dataclass(frozen=True, slots=True)
class BucketCells:
    """All of one bucket; `days` are those of which reads are known."""

    cells: tuple[ReadCell, ...]
    days: float
    since: datetime
    until: datetime

    def a_month(self, amount: int) -> int:
        return round(amount / self.days * DAYS_OF_A_MONTH)


class ClassReads(NamedTuple):
    """Of one storage class, in a month; `usd` None where the price is not known."""

    volume: ReadVolume
    usd: Fraction | None

    def plus(self, other: ClassReads) -> ClassReads:
        known = self.usd is not None and other.usd is not None
        usd = (self.usd or 0) + (other.usd or 0) if known else None
        return ClassReads(self.volume.plus(other.volume), None if usd is None else Fraction(usd))


@dataclass(frozen=True, slots=True)
class ReadCosts:
    """In a month, by class, under the rules before and after, if reads go on as in this time."""

    since: datetime
    until: datetime
    before: Mapping[str, ClassReads]
    after: Mapping[str, ClassReads]

    @property
    def usd_before(self) -> Fraction | None:
        return _sum(self.before)

    @property
    def usd_after(self) -> Fraction | None:
        return _sum(self.after)


def _sum(by_class: Mapping[str, ClassReads]) -> Fraction | None:
    found = Fraction(0)
    for each in by_class.values():
        if each.usd is None:
            return None
        found += each.usd
    return found
