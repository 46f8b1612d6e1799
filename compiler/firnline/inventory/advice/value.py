"""What do moves cost for each object and byte of what is alike? By the course that the forecast
gives it under them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from operator import sub
from typing import Final, NamedTuple

from firnline.inventory.advice.timeline import Cleanup, Timeline, cleaning, rules_of
from firnline.inventory.forecast.amounts import TOTAL, charges_of
from firnline.inventory.forecast.cost import STANDARD, price_of
from firnline.inventory.forecast.course import Calendar, Course, course
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.rates import Rates, rates
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.usage import Fate
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.price_list import Prices
from firnline.s3.billing import GB, MINIMUM_SIZE
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState


class Alike(NamedTuple):
    """What costs the same for each object and byte, below whatever prefix; `daily` where it is
    written again on each day.
    """

    stored: Stored
    daily: bool


class Kinds:
    """All that costs the same has one number: it is looked up millions of times."""

    def __init__(self) -> None:
        self._numbers: dict[Alike, int] = {}

    def number(self, stored: Stored, *, daily: bool) -> int:
        """Of an object that may move."""
        example = replace(stored.example, key="", size=int(MINIMUM_SIZE.value))
        kind = Alike(replace(stored, example=example, volume=Volume()), daily)
        return self._numbers.setdefault(kind, len(self._numbers))

    @property
    def all(self) -> Sequence[Alike]:
        return tuple(self._numbers)


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
        self._prices, self._state = prices, state
        self._cleaning = tuple(cleaning(cleanup))
        self._begin, self._last = starts[0], starts[-1] - timedelta(days=1)
        self._calendar = Calendar(starts)
        self._stored = stored
        self.kinds = Kinds()
        self._saved: dict[Timeline, dict[int, Each]] = {}
        self.unit = Fraction()

    def learn(self, wanted: Mapping[Timeline, Collection[int]]) -> None:
        """All at once, as the unit follows from it: of which kinds under which timelines. Raises
        `NoPrice`.
        """
        kinds, taken = self.kinds.all, {}
        for timeline in dict.fromkeys((NOTHING, *wanted)):
            batch = Batch(RuleSet((*rules_of("", timeline), *self._cleaning)), self._state)
            numbers = range(len(kinds)) if timeline == NOTHING else wanted[timeline]
            taken[timeline] = {one: self._courses(kinds[one], batch) for one in numbers}
        courses = {one for by in taken.values() for some in by.values() for one in some}
        known = self._rates(courses)
        self.unit = known.usd(1)
        each = {one: _each(one, known) for one in courses}
        paid = {
            timeline: {kind: _sum([each[one] for one in some]) for kind, some in by.items()}
            for timeline, by in taken.items()
        }
        self._saved = {
            timeline: {kind: paid[NOTHING][kind].less(cost) for kind, cost in by.items()}
            for timeline, by in paid.items()
        }

    def saved(self, timeline: Timeline) -> Mapping[int, Each]:
        """Of each kind, against no rules."""
        return self._saved[timeline]

    def _courses(self, kind: Alike, batch: Batch) -> list[Course]:
        steps = tuple(batch.steps(kind.stored.example, self._begin, self._last))
        fate = Fate(kind.stored, steps)
        days = range(self._calendar.days) if kind.daily else (0,)
        return [course(fate, self._calendar, later) for later in days]

    def _rates(self, courses: Collection[Course]) -> Rates:
        """Of one more byte, beside what is stored."""
        prices = {price_of(part.stored_as) for each in courses for part in each.stored}
        months = len(self._calendar.lengths)
        there = {each: Fraction(self._stored.get(each, Volume()).bytes, GB) for each in prices}
        there.setdefault(STANDARD, Fraction())
        reached = {each: [(much, much)] * months for each, much in there.items()}
        lowest, _ = rates(self._prices, courses, self._calendar.lengths, reached)
        return lowest


NOTHING: Final = Timeline()
_UNITS: Final = (Volume(1, 0, 0), Volume(0, 1, 0), Volume(0, 0, 1))


def _each(course: Course, rates: Rates) -> Each:
    return Each(*(sum(charges_of(course, unit, rates)[TOTAL]) for unit in _UNITS))


def _sum(some: Sequence[Each]) -> Each:
    return some[0] if len(some) == 1 else Each(*map(sum, zip(*some, strict=True)))
