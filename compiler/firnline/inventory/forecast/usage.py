"""What happens to what is stored → how much is stored in which month, and what S3 bills beside it.

What is expired is not billed from its midnight on, and what is moved is billed in its new class
(S3 User Guide, "Expiring objects", "Transitioning objects").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple, TypeVar

from firnline.inventory.forecast.groups import Group, Stored
from firnline.inventory.forecast.series import Series
from firnline.inventory.forecast.stays import Stay, StoredAs, priced, stays
from firnline.inventory.forecast.volume import Volume
from firnline.s3.law.classes import minimum_stay
from firnline.s3.simulate.batch import Batch, BatchStep
from firnline.s3.simulate.listing import of_key
from firnline.s3.simulate.stored import ItemKind

Name = TypeVar("Name")


class Fate(NamedTuple):
    """What the rules do to what is stored, from their first midnight on."""

    stored: Stored
    steps: tuple[BatchStep, ...]


@dataclass(frozen=True, slots=True)
class MonthUsage:
    """What is billed for a month of so many days: the sums of what is `stored` over its days
    (object-days, byte-days), the requests of `transitions` by the class that they lead into, and by
    how many byte-days objects left a class before its minimum duration (`early`). `at_end` is what
    is stored when the month is over.
    """

    days: int
    stored: Mapping[StoredAs, Volume]
    at_end: Mapping[StoredAs, Volume]
    transitions: Mapping[str, Volume]
    early: Mapping[str, Volume]


def fates(batch: Batch, groups: Iterable[Group], begin: datetime, end: datetime) -> Iterator[Fate]:
    """What the rules of `batch` do between two midnights, without what they do at the second."""
    if not batch.rules.rules:
        yield from (Fate(stored, ()) for group in groups for stored in group)
        return
    last = end - timedelta(days=1)
    for group in groups:
        if (
            len(group) == 1
        ):  # what a delete marker that S3 puts does later is nothing to its version
            yield Fate(group[0], tuple(batch.steps(group[0].example, begin, last)))
            continue
        outcomes = of_key(batch, [each.example for each in group], begin, last)
        # Behind them come the delete markers that S3 puts, which nobody is billed for.
        for stored, outcome in zip(group, outcomes, strict=False):
            yield Fate(stored, outcome.steps)


def usage(
    stored: Iterable[Fate], arriving: Iterable[Fate], starts: Sequence[datetime]
) -> list[MonthUsage]:
    """By month: `starts` are midnights, and between each and the next is a month. The first is the
    rules' first midnight. `arriving` is what is written at the first one, and again at each later.
    """
    days = [(moment - starts[0]).days for moment in starts]
    account, daily = _Account(starts[0], days[-1]), _Account(starts[0], days[-1])
    for fate in stored:
        account.add(fate)
    for fate in arriving:
        daily.add(fate)
    account.add_each_day(daily)
    return list(account.months(days))


class _Account:
    """What is added on each day: to what is stored, and to what else is billed."""

    def __init__(self, begin: datetime, days: int) -> None:
        self._begin, self._days = begin, days
        self._stored: dict[StoredAs, Series] = {}
        self._transitions: dict[str, Series] = {}
        self._early: dict[str, Series] = {}

    def add(self, fate: Fate) -> None:
        """A delete marker takes no space but that of its name."""
        if fate.stored.example.kind is ItemKind.DELETE_MARKER:
            return
        for stay in stays(fate.stored, fate.steps, self._begin):
            for part in priced(stay, fate.stored):
                stored = self._series(self._stored, part.stored_as)
                stored.add(part.first, fate.stored.volume)
                if part.end is not None:
                    stored.add(part.end, fate.stored.volume, -1)
            if stay.end is not None:
                self._end(stay, stay.end, fate.stored.volume)

    def _end(self, stay: Stay, day: int, volume: Volume) -> None:
        shortest = minimum_stay(stay.storage_class)
        if shortest is not None and day - stay.since < shortest.value:
            early = self._series(self._early, stay.storage_class)
            early.add(day, volume, shortest.value - (day - stay.since))
        if stay.into is not None:
            self._series(self._transitions, stay.into).add(day, volume)

    def add_each_day(self, daily: _Account) -> None:
        """What `daily` has for one day, again on each day."""
        self._add_each_day(self._stored, daily._stored)
        self._add_each_day(self._transitions, daily._transitions)
        self._add_each_day(self._early, daily._early)

    def _add_each_day(self, mine: dict[Name, Series], daily: dict[Name, Series]) -> None:
        for name, series in daily.items():
            self._series(mine, name).include(series.so_far())

    def months(self, days: Sequence[int]) -> Iterator[MonthUsage]:
        there = {name: series.so_far() for name, series in self._stored.items()}
        for first, end in pairwise(days):
            yield MonthUsage(
                days=end - first,
                stored=_sums(there, first, end),
                at_end=_sums(there, end - 1, end),
                transitions=_sums(self._transitions, first, end),
                early=_sums(self._early, first, end),
            )

    def _series(self, found: dict[Name, Series], name: Name) -> Series:
        if name not in found:
            found[name] = Series(self._days)
        return found[name]


def _sums(found: Mapping[Name, Series], first: int, end: int) -> dict[Name, Volume]:
    sums = {name: series.sum(first, end) for name, series in found.items()}
    return {name: volume for name, volume in sums.items() if volume != Volume()}
