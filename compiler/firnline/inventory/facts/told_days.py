"""What inventories tell of S3's own reading of the rules: its days of expiry, and what it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from firnline.s3.simulate.expiry_date import DayVerdict
from firnline.s3.simulate.stored import StoredItem


@dataclass(frozen=True, slots=True)
class Alike:
    """Objects of an inventory of which the verdict is the same, and `rule`, the ID of one that sets
    the day; what follows is of the first of them, by its key.
    """

    verdict: DayVerdict
    rule: str | None
    objects: int
    key: str
    size: int
    created: datetime
    told: date | None
    expected: date | None


@dataclass(frozen=True, slots=True)
class ToldDays:
    """`why` nothing could be compared, if so: it goes on after the name of the inventory.
    `written_at` is when the rules were written, if that is known.
    """

    called: str
    made: datetime
    alike: tuple[Alike, ...] = ()
    why: str = ""
    written_at: datetime | None = None

    def of(self, verdict: DayVerdict) -> tuple[Alike, ...]:
        return tuple(each for each in self.alike if each.verdict is verdict)

    def count(self, *verdicts: DayVerdict) -> int:
        return sum(each.objects for each in self.alike if each.verdict in verdicts)


class Became(Enum):
    """What became of a current object: `HIDDEN` by a delete marker, `MOVED` into another class."""

    GONE = "gone"
    HIDDEN = "hidden"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Changed:
    """An object as it was, without its tags, and what became of it; `now_in` is its class now."""

    item: StoredItem
    became: Became
    now_in: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Objects that a rule should have expired by the time of an inventory that still has them as
    they were; the oldest `since` that day, and the first key.
    """

    rule: str | None
    objects: int
    since: date
    key: str
