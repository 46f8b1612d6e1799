"""The hours in which a bucket has log records → for which time its reads are known.

S3 delivers server access logs on a best-effort basis, and no file says that one is missing (S3 User
Guide, "Logging requests with server access logging"). So a gap is judged by what is there: where a
bucket has no record of any request for longer than a limit, its log is taken to be missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from firnline.inventory.forecast.reads import DAYS_OF_A_MONTH

LONGEST_SILENCE: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Every read of a bucket from `since` to `until` is known."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What lies in one of the `gaps` counts as read, so that `period` begins after the last one;
    `days` are those for which there are logs, before and after the gaps.
    """

    period: Period
    days: float
    gaps: tuple[Period, ...] = ()

    def a_month(self, amount: int) -> float:
        return amount / self.days * DAYS_OF_A_MONTH


def known(hours: Iterable[datetime], logged: Period, longest: timedelta) -> Known:
    """`hours` are the beginnings of those with any record; they lie in `logged`, from the first
    record to the last. What a month would be like, nobody can tell by less than a day.
    """
    gaps = tuple(
        Period(before + HOUR, after)
        for before, after in pairwise(sorted(set(hours)))
        if after - before - HOUR > longest
    )
    missing = sum((each.until - each.since for each in gaps), timedelta())
    days = (logged.until - logged.since - missing) / timedelta(days=1)
    since = gaps[-1].until if gaps else logged.since
    return Known(Period(since, logged.until), max(days, 1.0), gaps)
