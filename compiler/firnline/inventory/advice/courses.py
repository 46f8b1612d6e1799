"""What happens to what is alike under the moves of a timeline? Each course once, by its number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from firnline.inventory.advice.timeline import Cleanup, Move, Timeline, cleaning, rules_of
from firnline.inventory.forecast.course import Calendar, Course, course
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.usage import Fate
from firnline.inventory.forecast.volume import Volume
from firnline.s3.billing import MINIMUM_SIZE
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import BucketState

NOTHING: Final = Timeline()


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
        """Of an object that may move: what happens to it depends on midnights alone."""
        created, since = map(midnight_from, (stored.example.created, stored.in_class_since))
        size = int(MINIMUM_SIZE.value)
        example = replace(stored.example, key="", size=size, created=created)
        kind = Alike(replace(stored, example=example, volume=Volume(), in_class_since=since), daily)
        return self._numbers.setdefault(kind, len(self._numbers))

    @property
    def all(self) -> Sequence[Alike]:
        return tuple(self._numbers)


class Courses:
    """Of kinds, within the months between `starts`. They stay known: a proposal is sought again
    without what was refused.
    """

    def __init__(self, starts: Sequence[datetime], state: BucketState, cleanup: Cleanup) -> None:
        self.kinds = Kinds()
        self.calendar = Calendar(starts)
        self._state, self._cleaning = state, tuple(cleaning(cleanup))
        self._last = starts[-1] - timedelta(days=1)
        self._batches: dict[Timeline, Batch] = {}
        self._numbers: dict[Course, int] = {}
        self._known: dict[tuple[Timeline, int], tuple[int, ...]] = {}

    @property
    def all(self) -> Sequence[Course]:
        """That are known, in the order of their numbers."""
        return tuple(self._numbers)

    def of(self, timeline: Timeline, kinds: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """By kind: what is written again on each day has one for each."""
        all_kinds, ages = self.kinds.all, [move.after for move in timeline.moves]
        variants: dict[tuple[int, int], Timeline] = {}
        found: dict[int, tuple[int, ...]] = {}
        for kind in kinds:
            age = (self.calendar.begin - all_kinds[kind].stored.example.created).days
            due = bisect_right(ages, age), bisect_right(ages, age + self.calendar.days - 1)
            variant = variants.get(due)
            if variant is None:
                variant = variants[due] = within(timeline, *due)
            at = variant, kind
            if at not in self._known:
                self._known[at] = self._courses(all_kinds[kind], variant)
            found[kind] = self._known[at]
        return found

    def _courses(self, kind: Alike, timeline: Timeline) -> tuple[int, ...]:
        batch = self._batches.get(timeline)
        if batch is None:
            rules = RuleSet((*rules_of("", timeline), *self._cleaning))
            batch = self._batches[timeline] = Batch(rules, self._state)
        steps = batch.steps(kind.stored.example, self.calendar.begin, self._last)
        fate = Fate(kind.stored, tuple(steps))
        days = range(self.calendar.days) if kind.daily else (0,)
        courses = (course(fate, self.calendar, later) for later in days)
        return tuple(self._numbers.setdefault(one, len(self._numbers)) for one in courses)


def within(timeline: Timeline, due: int, end: int) -> Timeline:
    """The same for objects for which so many moves are due when the months begin, and so many
    before they end: of several that are due S3 makes the last one. Few of these differ.
    """
    moves = timeline.moves
    last = (Move(0, moves[due - 1].into),) if due else ()
    return timeline._replace(moves=(*last, *moves[due:end]))
