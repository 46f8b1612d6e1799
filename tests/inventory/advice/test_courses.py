"""What happens to what is alike under some moves is worked out once, and is what the rules do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from firnline.inventory.advice.choices import ARCHIVES, OF_MILLISECONDS, YOUNGEST, choices
from firnline.inventory.advice.courses import Courses, Kinds, from_now
from firnline.inventory.advice.timeline import Cleanup, Move, Timeline, rules_of
from firnline.inventory.forecast.course import Calendar, course
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.usage import Fate
from firnline.inventory.forecast.volume import Volume
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Versioning

AS_OF = datetime(2026, 11, 29, tzinfo=UTC)
STARTS = starts(AS_OF, 12)
CLASSES = (*OF_MILLISECONDS, *ARCHIVES)


def stored(created: datetime, storage_class: str = "STANDARD") -> Stored:
    return Stored(StoredItem("a", created, 1 << 20, storage_class), Volume.of(1 << 20), created)


def test_moves_do_what_all_rules_of_the_timeline_do_at_every_age() -> None:
    random, state = Random(3), BucketState(Versioning.ENABLED)
    timelines = [
        Timeline(moves, ends=ends)
        for ends in (None, 400, 900)
        for moves in choices(CLASSES, YOUNGEST, ends)
    ]
    courses = Courses(STARTS, state, Cleanup())
    for timeline in random.sample(timelines, 25):
        batch = Batch(RuleSet(tuple(rules_of("", timeline))), state)
        for _ in range(20):
            created = AS_OF - timedelta(days=random.randrange(1000), hours=random.randrange(24))
            each = stored(created, random.choice(("STANDARD", *CLASSES)))
            kind = courses.kinds.number(each, daily=False)
            ((number,),) = courses.of(timeline, [kind]).values()
            steps = batch.steps(each.example, STARTS[0], STARTS[-1] - timedelta(days=1))
            told = course(Fate(each, tuple(steps)), Calendar(STARTS))
            assert courses.all[number] == told


def test_objects_of_one_day_are_alike() -> None:
    kinds, morning = Kinds(), datetime(2026, 11, 3, 4, tzinfo=UTC)
    evening = morning + timedelta(hours=15)
    numbers = {kinds.number(stored(each), daily=False) for each in (morning, evening)}
    assert len(numbers) == 1


def test_what_is_due_in_as_many_days_is_the_same() -> None:
    assert from_now(Timeline((Move(60, "STANDARD_IA"),)), 40, 365) == from_now(
        Timeline((Move(90, "STANDARD_IA"),)), 70, 365
    )
    timelines = list(map(Timeline, choices(OF_MILLISECONDS, YOUNGEST)))
    assert len(timelines) > 30
    assert len({from_now(each, 800, 365) for each in timelines}) == len(OF_MILLISECONDS)
