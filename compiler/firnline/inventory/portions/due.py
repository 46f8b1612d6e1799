"""What do the rules of a bucket do in which month: to what is stored, and to what is written?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import Enum
from itertools import pairwise, product
from typing import NamedTuple

from firnline.inventory.forecast.anything import done_at_all
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.first_run import Happens, done_by
from firnline.inventory.forecast.groups import Group
from firnline.inventory.forecast.row_sums import RowSums, is_uniform, together
from firnline.inventory.forecast.undecided import Contents, Undecided, Unfollowed
from firnline.inventory.forecast.usage import Fate as Followed
from firnline.inventory.forecast.usage import fates
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.portions.newly import LOST, Newly, times_newly_lost
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import ItemKind

Done = Happens | str
"""A text is the storage class that an item is moved into."""


class Due(NamedTuple):
    """Something that rules do in a month of the forecast, counted from 0, or in all of them where
    that is None. What is hidden by a delete marker, and is deleted for good in the same time,
    counts as deleted alone.
    """

    done: Done
    month: int | None


class StoredFate(Enum):
    """What comes of what is stored, within the months of the forecast; the value is its name in
    JSON.
    """

    DELETED_NEXT_MONTH = "deleted_next_month"
    DELETED_LATER = "deleted_later"
    MOVED = "moved"
    KEPT = "kept"


Row = Due | StoredFate | Newly
Rows = dict[Row, Volume]
_Both = tuple[Followed, Followed]


class Decided(NamedTuple):
    """What the rules do to what is decided of a portion: to what is stored, and written later."""

    stored: Sequence[Followed]
    arriving: Sequence[Followed]


def decided(batch: Batch, part: Changed, starts: Sequence[datetime]) -> Decided:
    """`starts` are midnights: the rules act first at the first one, and until the last one."""
    begin, end = starts[0], starts[-1]
    return Decided(
        tuple(fates(batch, part.stored.decided, begin, end)),
        tuple(fates(batch, part.arriving.decided, begin, end)),
    )


class Side(NamedTuple):
    """Rules, and what they do to what is decided."""

    batch: Batch
    known: Decided


def what_is_due(
    part: Changed, side: Side, before: Side | None, starts: Sequence[datetime]
) -> RowSums[Row]:
    """By the rules of a side; where there is one `before`, with what is lost newly."""
    found = _WhatIsDue(side.batch, starts, before and before.batch)
    old = before.known if before else side.known
    found.add(part.stored, zip(side.known.stored, old.stored, strict=True), arrives=False)
    found.add(part.arriving, zip(side.known.arriving, old.arriving, strict=True), arrives=True)
    return found.sums


class _WhatIsDue:
    def __init__(self, batch: Batch, starts: Sequence[datetime], before: Batch | None) -> None:
        self._before = before
        self._batch, self._begin, self._end = batch, starts[0], starts[-1]
        self.sums: RowSums[Row] = RowSums()
        days = [(moment - starts[0]).days for moment in starts]
        self._days = days
        self._times: list[tuple[int | None, int, int]] = [(None, 0, days[-1])]
        self._times += [(month, *each) for month, each in enumerate(pairwise(days))]

    def add(self, contents: Contents, known: Iterable[_Both], *, arrives: bool) -> None:
        """`arrives`: of what is written on each day."""
        for fate, before in known:
            self.sums.add(self._rows_of(fate, before, arrives))
        for undecided in contents.undecided:
            self._add_one_of(undecided, arrives)
        for unfollowed in contents.unfollowed:
            self._add_at_most(unfollowed, arrives)

    def _add_one_of(self, undecided: Undecided, arrives: bool) -> None:
        """Versions of a key are like one possibility together."""
        possible = [list(self._rows(group, arrives)) for group in undecided.possible]
        if all(is_uniform(each) for each in undecided.possible[0]):
            self.sums.add_one_of([together(versions) for versions in possible])
            return
        for rows in zip(*possible, strict=True):
            self.sums.add_one_of(rows)

    def _add_at_most(self, unfollowed: Unfollowed, arrives: bool) -> None:
        days = self._times[0][2] if arrives else 1
        for versions in zip(*unfollowed.possible, strict=True):
            items = [each.example for each in versions]
            done = done_at_all(items, self._batch)
            rows: list[Row] = [] if arrives else list(StoredFate)
            rows += [Due(each, time[0]) for each, time in product(done, self._times)]
            rows += [Newly.LOST] if self._before and any(each in LOST for each in done) else []
            self.sums.add_at_most(rows, Volume().plus(versions[0].volume, days))

    def _rows(self, group: Group, arrives: bool) -> Iterator[Rows]:
        """For each of the versions."""
        sides = self._batch, self._before or self._batch
        both = (fates(each, [group], self._begin, self._end) for each in sides)
        for fate, before in zip(*both, strict=True):
            yield self._rows_of(fate, before, arrives)

    def _rows_of(self, fate: Followed, before: Followed, arrives: bool) -> Rows:
        rows: Rows = {} if arrives else self._fate(fate)
        if self._before and fate.steps:
            month = self._times[1][2]
            times = times_newly_lost(fate, before, self._begin, month, arrives=arrives)
            rows[Newly.LOST] = Volume().plus(fate.stored.volume, times)
        for due, times in self._how_often(fate, arrives):
            rows[due] = rows.get(due, Volume()).plus(fate.stored.volume, times)
        return rows

    def _fate(self, followed: Followed) -> Rows:
        item = followed.stored.example
        if item.kind is not ItemKind.OBJECT_VERSION:
            return {}
        fate = StoredFate.KEPT
        for step in followed.steps:
            if step.left is None:
                is_soon = (step.at - self._begin).days < self._times[1][2]
                fate = StoredFate.DELETED_NEXT_MONTH if is_soon else StoredFate.DELETED_LATER
            elif step.left != item.storage_class:
                fate = StoredFate.MOVED
        return {fate: followed.stored.volume}

    def _how_often(self, fate: Followed, arrives: bool) -> Iterator[tuple[Due, int]]:
        """What is written on each day comes as often as days of its writing lead into a month."""
        if fate.stored.volume == Volume() or not fate.steps:
            return  # without a volume it is there for what it does to other versions of its key
        found = dict(self._events(fate))
        gone = found.get(Happens.DELETED)
        for done, day in found.items():
            until = gone if done is Happens.DELETE_MARKERS else None
            for month, first, end in self._times_from(day, arrives):
                times = how_often(day, until, first, end) if arrives else 1
                if times and (arrives or until is None or until >= end):
                    yield Due(done, month), times

    def _times_from(self, day: int, arrives: bool) -> Sequence[tuple[int | None, int, int]]:
        """In which something may happen, at first on that day."""
        if arrives:
            return self._times
        return self._times[0], self._times[bisect_right(self._days, day)]

    def _events(self, fate: Followed) -> Iterator[tuple[Done, int]]:
        for step in fate.steps:
            done = done_by(step, fate.stored.example.kind)
            if done is not None:
                yield done, (step.at - self._begin).days


def how_often(day: int, until: int | None, first: int, end: int) -> int:
    """On how many days is something written to which this happens so many days later, between two
    days, and which is not over until the second one?
    """
    happens = max(0, end - max(first, day))
    over = 0 if until is None else max(0, end - until - max(first - day, 0))
    return happens - over
