"""The days on which an inventory says that S3 expires objects, beside the days by some rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from firnline.s3.simulate.expiry_date import Verdict


@dataclass(frozen=True, slots=True)
class Alike:
    """Objects of an inventory of which the verdict is the same, and `rule`, the ID of one that sets
    the day; what follows is of the first of them, by its key.
    """

    verdict: Verdict
    rule: str | None
    objects: int
    key: str
    size: int
    created: datetime
    told: date | None
    expected: date | None


@dataclass(frozen=True, slots=True)
class ToldDays:
    """`why` nothing could be compared, if so: it goes on after the name of the inventory."""

    called: str
    made: datetime
    alike: tuple[Alike, ...] = ()
    why: str = ""

    def of(self, verdict: Verdict) -> tuple[Alike, ...]:
        return tuple(each for each in self.alike if each.verdict is verdict)

    def count(self, *verdicts: Verdict) -> int:
        return sum(each.objects for each in self.alike if each.verdict in verdicts)
