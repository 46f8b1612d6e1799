"""Which transitions do rules make, of how much, and when does what they moved leave again?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from firnline.inventory.forecast.stays import INTELLIGENT_TIERING
from firnline.inventory.forecast.usage import Fate
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.payback.calendar import Calendar
from firnline.s3.billing import MINIMUM_SIZE
from firnline.s3.law.classes import minimum_stay
from firnline.s3.model import Rule
from firnline.s3.simulate.batch import BatchStep
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import ItemKind
from firnline.s3.terms import AccessTier, Clock


class By(NamedTuple):
    """The rules that do something to objects or to noncurrent versions; `into` is the class that
    they move into, None where they delete.
    """

    rules: tuple[Rule, ...]
    clock: Clock
    into: str | None


class Left(NamedTuple):
    """The storage class that something leaves, and since when it was there. `since` is a day no
    earlier than it matters to a bill.
    """

    storage_class: str
    tier: AccessTier | None
    since: int


class Leaving(NamedTuple):
    """On a `day` something leaves a class. What was moved is in its new class until `end`, when it
    goes `onward` into another one, or is deleted (None); `end` is None where that is not in sight.
    `is_big`: of at least 128 KiB. `is_there` already, or will be written; `was_current` then.
    """

    by: By
    left: Left
    day: int
    end: int | None
    onward: str | None
    is_big: bool
    is_there: bool
    was_current: bool


def leaving(
    stored: Iterable[Fate], arriving: Iterable[Fate], calendar: Calendar
) -> Mapping[Leaving, Volume]:
    """What leaves a class in the months of the forecast; `arriving` is written on each day."""
    found: dict[Leaving, Volume] = defaultdict(Volume)
    for fate in stored:
        for each in _of(fate, calendar, is_there=True):
            if each.day < calendar.within:
                found[each] = found[each].plus(fate.stored.volume)
    for fate in arriving:
        for each in _of(fate, calendar, is_there=False):
            for later in range(calendar.within - each.day):
                moved = _later(each, later)
                found[moved] = found[moved].plus(fate.stored.volume)
    return found


def _of(fate: Fate, calendar: Calendar, *, is_there: bool) -> Iterator[Leaving]:
    stored, steps = fate
    example = stored.example
    if example.kind is not ItemKind.OBJECT_VERSION:
        return
    clock = Clock.OBJECTS if example.current else Clock.NONCURRENT_VERSIONS
    since = (midnight_from(stored.in_class_since) - calendar.begin).days
    storage_class, tier = example.storage_class, example.tier
    is_big = example.size >= MINIMUM_SIZE.value
    begun: list[tuple[By, Left, int]] = []
    for step in steps:
        if step.left == storage_class:
            clock = Clock.NONCURRENT_VERSIONS  # a delete marker hides it, where it is
            continue
        day = (step.at - calendar.begin).days
        begun.append((_by(step, clock), _left(storage_class, tier, since, day), day))
        if step.left is None:
            break
        storage_class, tier, since = step.left, None, day
    for place, (by, left, day) in enumerate(begun):
        end, onward = None, None
        if place + 1 < len(begun):
            end, onward = begun[place + 1][2], begun[place + 1][0].into
        yield Leaving(by, left, day, end, onward, is_big, is_there, example.current)


def _by(step: BatchStep, clock: Clock) -> By:
    return By(step.taken.rules, clock, step.left)


def _left(storage_class: str, tier: AccessTier | None, since: int, day: int) -> Left:
    """The same for all whose bill is the same from that day on."""
    if storage_class != INTELLIGENT_TIERING:
        shortest = minimum_stay(storage_class)
        since = max(since, day - (int(shortest.value) if shortest else 0))
    return Left(storage_class, tier, since)


def _later(each: Leaving, days: int) -> Leaving:
    left = each.left._replace(since=each.left.since + days)
    end = None if each.end is None else each.end + days
    return each._replace(left=left, day=each.day + days, end=end)
