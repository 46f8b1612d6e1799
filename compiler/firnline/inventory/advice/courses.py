"""What happens to what is alike under the moves of a timeline? Each course once, by its number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from firnline.inventory.advice.timeline import Cleanup, Move, Timeline, cleaning, rules_of
from firnline.inventory.forecast.course import Calendar, Course, course
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.stays import INTELLIGENT_TIERING
from firnline.inventory.forecast.usage import Fate
from firnline.inventory.forecast.volume import Volume
from firnline.s3.billing import MINIMUM_SIZE
from firnline.s3.law.classes import minimum_stay
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.clock import DAY, midnight_from
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
        self._last = starts[-1] - DAY
        self._batches: dict[Timeline, Batch] = {}
        self._numbers: dict[Course, int] = {}
        self._known: dict[tuple[Timeline, int], tuple[int, ...]] = {}
        self._young: dict[Alike, int] = {}
        self._begun: dict[int, _Begun] = {}

    @property
    def all(self) -> Sequence[Course]:
        """That are known, in the order of their numbers."""
        return tuple(self._numbers)

    def of(self, timeline: Timeline, kinds: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """By kind: what is written again on each day has one for each."""
        all_kinds = self.kinds.all
        found: dict[int, tuple[int, ...]] = {}
        for kind in kinds:
            begun = self._begun.get(kind) or self._begin(kind, all_kinds[kind])
            variant = from_now(timeline, begun.age, self.calendar.days)
            at = variant, begun.young
            courses = self._known.get(at)
            if courses is None:  # not by `variant`: rules for each age take longer
                courses = self._known[at] = self._courses(all_kinds[kind], timeline)
            found[kind] = courses
        return found

    def _begin(self, number: int, kind: Alike) -> _Begun:
        begin = self.calendar.begin
        age = (begin - kind.stored.example.created).days
        young = self._young.setdefault(_as_young(kind, begin), len(self._young))
        begun = self._begun[number] = _Begun(age, young)
        return begun

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


class _Begun(NamedTuple):
    """How many days old it is when the months begin; and the number of what is the same, but a day
    old then.
    """

    age: int
    young: int


def _as_young(kind: Alike, begin: datetime) -> Alike:
    """How long it is in its class counts only where that class has a minimum duration or tiers."""
    stored = kind.stored
    example = replace(stored.example, created=begin - DAY)
    name = example.storage_class
    counts = minimum_stay(name) is not None or name == INTELLIGENT_TIERING
    since = stored.in_class_since if counts else begin
    return Alike(replace(stored, example=example, in_class_since=since), kind.daily)


def from_now(timeline: Timeline, age: int, days: int) -> Timeline:
    """For an object that is a day old now what `timeline` does within so many days to one of this
    age. Of several moves that are due now S3 makes that into the lowest class
    (`rank` in `s3.law.classes`): the last one.
    """
    moves: list[Move] = []
    for move in timeline.moves:
        if move.after <= age:
            moves = [Move(1, move.into)]
        elif move.after < age + days:
            moves.append(Move(move.after - age + 1, move.into))
    ends = timeline.ends
    if ends is not None:
        ends = max(ends - age, 0) + 1 if ends < age + days else None
    return timeline._replace(moves=tuple(moves), ends=ends)
