"""What do moves cost for each object and byte of what is alike? By the course that the forecast
gives it under them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from operator import sub
from typing import Final, NamedTuple, assert_never

from firnline.inventory.advice.courses import NOTHING, Courses
from firnline.inventory.advice.timeline import Cleanup, Timeline
from firnline.inventory.forecast.amounts import TOTAL, charges_of
from firnline.inventory.forecast.cost import STANDARD, price_of
from firnline.inventory.forecast.course import Course, Early, Moved, StoredFor
from firnline.inventory.forecast.rates import Rates, rates
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.price_list import Prices
from firnline.s3.billing import GB
from firnline.s3.simulate.stored import BucketState


class Each(NamedTuple):
    """Of an object, a byte and a padded byte, over the months of the forecast."""

    an_object: int
    a_byte: int
    a_padded_byte: int

    def less(self, other: Each) -> Each:
        return Each(*map(sub, self, other))

    def of(self, volume: Volume) -> int:
        objects, size, padded = volume
        return self.an_object * objects + self.a_byte * size + self.a_padded_byte * padded


class Tariff:
    """What all of some moves cost, of all that is alike: at the prices of the bands that `stored`
    reaches. An amount of 1 is `unit` dollars.
    """

    def __init__(
        self,
        starts: Sequence[datetime],
        prices: Prices,
        state: BucketState,
        cleanup: Cleanup,
        stored: Mapping[StoredAs, Volume],
    ) -> None:
        self._starts, self._state, self._cleanup = starts, state, cleanup
        self._prices, self._stored = prices, stored
        self._courses = Courses(starts, state, cleanup)
        self.kinds = self._courses.kinds
        self._saved: dict[Timeline, dict[int, Each]] = {}
        self.unit = Fraction()

    def with_old_versions(self, ends: int | None) -> Tariff:
        """Where old versions are deleted after so many days, or never."""
        cleanup = Cleanup(ends, self._cleanup.uploads)
        return Tariff(self._starts, self._prices, self._state, cleanup, self._stored)

    def learn(self, wanted: Mapping[Timeline, Collection[int]]) -> None:
        """All at once, as the unit follows from it: of which kinds under which timelines. Raises
        `NoPrice`.
        """
        wanted = {**wanted, NOTHING: range(len(self.kinds.all))}
        taken = {timeline: self._courses.of(timeline, kinds) for timeline, kinds in wanted.items()}
        known = self._rates()
        self.unit = known.usd(1)
        parts = _Parts(known)
        each = [parts.sum(one) for one in self._courses.all]
        paid = {
            courses: _sum([each[one] for one in courses])
            for by in taken.values()
            for courses in by.values()
        }
        stays = {kind: paid[courses] for kind, courses in taken[NOTHING].items()}
        self._saved = {
            timeline: {kind: stays[kind].less(paid[courses]) for kind, courses in by.items()}
            for timeline, by in taken.items()
        }

    def saved(self, timeline: Timeline) -> Mapping[int, Each]:
        """Of each kind, against no rules."""
        return self._saved[timeline]

    def _rates(self) -> Rates:
        """Of one more byte, beside what is stored."""
        courses, lengths = self._courses.all, self._courses.calendar.lengths
        prices = {price_of(part.stored_as) for each in courses for part in each.stored}
        there = {each: Fraction(self._stored.get(each, Volume()).bytes, GB) for each in prices}
        there.setdefault(STANDARD, Fraction())
        reached = {each: [(much, much)] * len(lengths) for each, much in there.items()}
        lowest, _ = rates(self._prices, courses, lengths, reached)
        return lowest


_UNITS: Final = (Volume(1, 0, 0), Volume(0, 1, 0), Volume(0, 0, 1))


_Part = StoredFor | Moved | Early


class _Parts:
    """What courses cost, as the sum of their parts: most are parts of many."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._known: dict[_Part, Each] = {}

    def sum(self, course: Course) -> Each:
        parts: tuple[_Part, ...] = (*course.stored, *course.moved, *course.early)
        return _sum([self._known.get(part) or self._learn(part) for part in parts] or [_NONE])

    def _learn(self, part: _Part) -> Each:
        match part:
            case StoredFor():
                alone = Course(stored=(part,))
            case Moved():
                alone = Course(moved=(part,))
            case Early():
                alone = Course(early=(part,))
            case _:
                assert_never(part)
        each = Each(*(sum(charges_of(alone, unit, self._rates)[TOTAL]) for unit in _UNITS))
        self._known[part] = each
        return each


_NONE: Final = Each(0, 0, 0)


def _sum(some: Sequence[Each]) -> Each:
    return some[0] if len(some) == 1 else Each(*map(sum, zip(*some, strict=True)))
