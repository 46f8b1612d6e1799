"""What happens to an item, month by month: where it is billed, and what is paid beside it.

Days and months are counted from 0, from the first midnight at which the rules act.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from firnline.inventory.forecast.first_run import Happens, done_first
from firnline.inventory.forecast.stays import Priced, Stay, StoredAs, priced, stays
from firnline.inventory.forecast.usage import Fate
from firnline.s3.law.classes import minimum_stay
from firnline.s3.simulate.stored import ItemKind


class StoredFor(NamedTuple):
    """So many days of a month; `at_end` says whether the last one is among them."""

    month: int
    stored_as: StoredAs
    days: int
    at_end: bool


class Moved(NamedTuple):
    month: int
    into: str


class Early(NamedTuple):
    """It leaves a class so many days before its minimum duration."""

    month: int
    storage_class: str
    days: int


class Course(NamedTuple):
    """`first` is what the first run does; a text is the class that it moves the item into."""

    stored: tuple[StoredFor, ...] = ()
    moved: tuple[Moved, ...] = ()
    early: tuple[Early, ...] = ()
    first: Happens | str | None = None


class Calendar:
    """The months between moments at which one begins, or the last one ends."""

    def __init__(self, starts: Sequence[datetime]) -> None:
        self.begin, self.end = starts[0], starts[-1]
        self._days = [(moment - self.begin).days for moment in starts]
        self.lengths = tuple(end - first for first, end in pairwise(self._days))
        self._stored: dict[Priced, tuple[StoredFor, ...]] = {}

    @property
    def days(self) -> int:
        return self._days[-1]

    def month(self, day: int) -> int:
        return bisect_right(self._days, day) - 1

    def stored(self, part: Priced) -> tuple[StoredFor, ...]:
        """In each month of these days. Many items are stored so in the same ones."""
        found = self._stored.get(part)
        if found is None:
            found = self._stored[part] = tuple(self._months(part))
        return found

    def _months(self, part: Priced) -> Iterator[StoredFor]:
        first = part.first
        end = self.days if part.end is None else min(part.end, self.days)
        while first < end:
            month = self.month(first)
            until = min(self._days[month + 1], end)
            yield StoredFor(month, part.stored_as, until - first, until == self._days[month + 1])
            first = until


def course(fate: Fate, calendar: Calendar, later: int = 0) -> Course:
    """`later`: of an item that is written so many days later, to which the same happens then. A
    delete marker takes no space but that of its name.
    """
    first = None if later else done_first(fate, calendar.begin)
    if fate.stored.example.kind is ItemKind.DELETE_MARKER:
        return Course(first=first)
    found = [_later(stay, later) for stay in stays(fate.stored, fate.steps, calendar.begin)]
    stored = tuple(
        month
        for stay in found
        for part in priced(stay, fate.stored)
        for month in calendar.stored(part)
    )
    left = [stay for stay in found if stay.end is not None and stay.end < calendar.days]
    return Course(stored, tuple(_moved(left, calendar)), tuple(_early(left, calendar)), first)


def _later(stay: Stay, days: int) -> Stay:
    end = None if stay.end is None else stay.end + days
    return stay._replace(since=stay.since + days, end=end) if days else stay


def _moved(left: Sequence[Stay], calendar: Calendar) -> Iterator[Moved]:
    for stay in left:
        if stay.into is not None and stay.end is not None:
            yield Moved(calendar.month(stay.end), stay.into)


def _early(left: Sequence[Stay], calendar: Calendar) -> Iterator[Early]:
    for stay in left:
        shortest = minimum_stay(stay.storage_class)
        if shortest is not None and stay.end is not None:
            missing = shortest.value - (stay.end - stay.since)
            if missing > 0:
                yield Early(calendar.month(stay.end), stay.storage_class, missing)
