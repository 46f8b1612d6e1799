"""The forecast of a change on one page: what is stored, two sets of rules, prices → what is to come
under either, and what the change saves; each number known, or between two bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from firnline.inventory.forecast.alternatives import Alternatives, alternatives, together
from firnline.inventory.forecast.amounts import TOTAL, BothRates, Row, What, When
from firnline.inventory.forecast.anything import OfVersion, anything, include, is_left_alone
from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import BoundedOutlook, bounded
from firnline.inventory.forecast.bounds import Bounds, bounds
from firnline.inventory.forecast.course import Calendar, Course
from firnline.inventory.forecast.crossing import crossing
from firnline.inventory.forecast.groups import Group
from firnline.inventory.forecast.outlook import Outlook, StoredUnder, outlook
from firnline.inventory.forecast.rates import rates
from firnline.inventory.forecast.reached import most_billed, reached
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.prices.price_list import Prices
from firnline.s3.simulate.batch import Batch


class Changed(NamedTuple):
    """A bucket: its rules before and after, what is stored, and what is written every day."""

    before: Batch
    after: Batch
    stored: Contents
    arriving: Contents = Contents(())

    @property
    def decided_after(self) -> StoredUnder:
        return StoredUnder(self.after, self.stored.decided, self.arriving.decided)


class BreakEven(NamedTuple):
    """The first and the last month in which a change may have paid for itself; None where that may
    be after the months of the forecast.
    """

    earliest: int | None
    latest: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """`saved` is by month, negative where the change costs more, and `saved_so_far` all of it until
    the end of each month.
    """

    before: BoundedOutlook
    after: BoundedOutlook
    saved: tuple[Between[Fraction], ...]
    saved_so_far: tuple[Between[Fraction], ...]
    is_exact: bool

    def plus(self, other: Change) -> Change:
        """Of buckets that share no price bands."""
        return Change(
            self.before.plus(other.before),
            self.after.plus(other.after),
            tuple(ours.plus(one) for ours, one in zip(self.saved, other.saved, strict=True)),
            tuple(
                ours.plus(one)
                for ours, one in zip(self.saved_so_far, other.saved_so_far, strict=True)
            ),
            self.is_exact and other.is_exact,
        )

    @property
    def break_even(self) -> BreakEven:
        return BreakEven(
            break_even([each.at_most for each in self.saved_so_far]),
            break_even([each.at_least for each in self.saved_so_far]),
        )


def break_even(saved_so_far: Sequence[Fraction]) -> int | None:
    """The number of the month from whose end on the change has cost no more than no change would
    have; None where that is beyond the months of the forecast.
    """
    first = len(saved_so_far)
    while first and saved_so_far[first - 1] >= 0:
        first -= 1
    return first + 1 if first < len(saved_so_far) else None


def change(buckets: Iterable[Changed], starts: Sequence[datetime], prices: Prices) -> Change:
    """Of buckets of one account and region: the more they store, the less a byte costs.

    `starts` are midnights: the rules act first at the first one, and between each and the next is
    a month. Raises `NoPrice`.
    """
    calendar = Calendar(starts)
    before: list[StoredUnder] = []
    after: list[StoredUnder] = []
    undecided: list[Alternatives] = []
    unfollowed: list[OfVersion] = []
    for bucket in buckets:
        stored = _settled(bucket.stored, bucket, calendar, [0])
        arriving = _settled(bucket.arriving, bucket, calendar, range(calendar.days))
        before.append(StoredUnder(bucket.before, stored.before, arriving.before))
        after.append(StoredUnder(bucket.after, stored.after, arriving.after))
        undecided += (*stored.undecided, *arriving.undecided)
        for contents, days in ((bucket.stored, 1), (bucket.arriving, calendar.days)):
            for keys in contents.unfollowed:
                unfollowed += anything(keys, bucket.before, bucket.after, calendar, days)
    sides = outlook(before, starts, prices), outlook(after, starts, prices)
    found = Bounds()
    if undecided or unfollowed:
        found = _bounds(sides, together(undecided), unfollowed, calendar, prices)
    old, new = ([cost.total for cost in side.costs] for side in sides)
    saved = [one - other for one, other in zip(old, new, strict=True)]
    return Change(
        bounded(sides[0], When.BEFORE, found),
        bounded(sides[1], When.AFTER, found),
        _saved(found, Row(When.SAVED, What.CHARGE, TOTAL), saved),
        _saved(found, Row(When.SAVED, What.SO_FAR), accumulate(saved)),
        found.are_exact,
    )


class _Settled(NamedTuple):
    """What is decided under each of the sets of rules, and what is not under one of them."""

    before: list[Group]
    after: list[Group]
    undecided: list[Alternatives]


def _settled(
    contents: Contents, bucket: Changed, calendar: Calendar, days: Sequence[int]
) -> _Settled:
    """Undecided keys to which the same happens whatever they are like are decided. `days`: those on
    which they are written.
    """
    settled = _Settled([*contents.decided], [*contents.decided], [])
    for each in contents.undecided:
        found = [alternatives(each, bucket.before, bucket.after, calendar, later) for later in days]
        open_sides = 0
        for side, groups in enumerate((settled.before, settled.after)):
            if all(one.is_decided(side) for one in found):
                groups.append(each.possible[0])
                found = [one.without(side) for one in found]
            else:
                open_sides += 1
        if open_sides:
            settled.undecided.extend(found)
    for keys in contents.unfollowed:
        for groups, batch in ((settled.before, bucket.before), (settled.after, bucket.after)):
            if is_left_alone(keys, batch, calendar):
                groups.append(keys.possible[0])
    return settled


def _bounds(
    sides: tuple[Outlook, Outlook],
    undecided: Sequence[Alternatives],
    unfollowed: Sequence[OfVersion],
    calendar: Calendar,
    prices: Prices,
) -> Bounds:
    options = _options(undecided, unfollowed)
    courses = {course for side in options for version in side for course, _ in version}
    before, after = (
        rates(prices, courses, calendar.lengths, reached(side.months, versions, courses))
        for side, versions in zip(sides, options, strict=True)
    )
    low, high = BothRates(before[0], after[0]), BothRates(before[1], after[1])
    found = bounds(undecided, low, low if low == high else high)
    include(found, unfollowed, high)
    for when, side, (lowest, highest) in zip(When, sides, (before, after), strict=False):
        if lowest is not highest:
            found.include(
                crossing(when, side.months, prices, lowest),
                crossing(when, side.months, prices, highest),
            )
    return found


Options = list[list[tuple[Course, int]]]
"""For each version the courses that it may take, with what it is billed at most."""


def _options(
    undecided: Iterable[Alternatives], unfollowed: Iterable[OfVersion]
) -> tuple[Options, Options]:
    """Before and after."""
    before: Options = []
    after: Options = []
    for each in undecided:
        for place, volume in enumerate(each.volumes):
            most = most_billed(volume)
            both = {id(versions[place]): versions[place] for versions in each.courses}.values()
            before.append([(courses.before, most) for courses in both])
            after.append([(courses.after, most) for courses in both])
    for version in unfollowed:
        most = most_billed(version.volume)
        before.append([(course, most) for course in version.before.courses])
        after.append([(course, most) for course in version.after.courses])
    return before, after


def _saved(found: Bounds, row: Row, known: Iterable[Fraction]) -> tuple[Between[Fraction], ...]:
    return tuple(found.dollars(row, place, amount) for place, amount in enumerate(known))
