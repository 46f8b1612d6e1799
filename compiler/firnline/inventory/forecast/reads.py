"""How often is what is stored read, at which age, and what does that cost a month?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import reduce
from typing import Final, NamedTuple

from firnline.inventory.forecast.between import Between
from firnline.s3.simulate.stored import StoredItem

DAYS_OF_A_MONTH: Final = 30


class ReadVolume(NamedTuple):
    """In the time of which all reads are known. `restores`: as often as an archived object would
    have to be restored, once for each day with reads of it, with all its bytes. `kept`: bytes, for
    each day on which INTELLIGENT_TIERING would keep them in its dearest tier for that.
    """

    reads: int = 0
    bytes: int = 0
    restores: int = 0
    restored_bytes: int = 0
    kept: int = 0

    def plus(self, other: ReadVolume) -> ReadVolume:
        return ReadVolume(*(one + two for one, two in zip(self, other, strict=True)))


class ReadCell(NamedTuple):
    """Reads of what rules treat alike, so many days old; `example` is one object of it, in the
    class in which it was then. Where its tags are not known, it has none.
    """

    example: StoredItem
    age: int
    volume: ReadVolume
    tags_known: bool = True


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


class OpenReads(NamedTuple):
    """In a month, of objects that are in one class or another, or deleted, by tags that are not
    known; `usd` None where a price is not known.
    """

    volume: ReadVolume
    usd: Between[Fraction] | None

    def plus(self, other: OpenReads) -> OpenReads:
        usd = None if self.usd is None or other.usd is None else self.usd.plus(other.usd)
        return OpenReads(self.volume.plus(other.volume), usd)


@dataclass(frozen=True, slots=True)
class ReadsUnder:
    """In a month, by class, under some rules; `open` is what depends on tags that are not known."""

    by_class: Mapping[str, ClassReads]
    open: OpenReads | None = None

    @property
    def usd(self) -> Between[Fraction] | None:
        """None where a price is not known."""
        found = Between.exactly(Fraction(0)) if self.open is None else self.open.usd
        for each in self.by_class.values():
            if found is None or each.usd is None:
                return None
            found = found.plus(Between.exactly(each.usd))
        return found

    def plus(self, other: ReadsUnder) -> ReadsUnder:
        by_class = dict(self.by_class)
        for name, reads in other.by_class.items():
            by_class[name] = by_class[name].plus(reads) if name in by_class else reads
        both = [each for each in (self.open, other.open) if each is not None]
        left_open = reduce(OpenReads.plus, both) if both else None
        return ReadsUnder(dict(sorted(by_class.items())), left_open)


@dataclass(frozen=True, slots=True)
class ReadCosts:
    """Under the rules before and after, if reads go on as in this time."""

    since: datetime
    until: datetime
    before: ReadsUnder
    after: ReadsUnder
