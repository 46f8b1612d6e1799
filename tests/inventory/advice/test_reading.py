"""Which moves do reads forbid, as nobody knows what they would cost?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from firnline.inventory.advice.below import Node
from firnline.inventory.advice.reading import Reading
from firnline.inventory.advice.timeline import Move, Timeline
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.reads import BucketCells, ReadCell, ReadVolume
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.simulate.stored import StoredItem

NOW = datetime(2026, 11, 28, tzinfo=UTC)
GIB = 2**30


def reading(*ages: int) -> Reading:
    """In logs of 60 days."""
    cells = tuple(
        ReadCell(StoredItem("runs/a", NOW, GIB), age, ReadVolume(1, GIB, 1, GIB)) for age in ages
    )
    found = BucketCells(cells, 60, NOW - timedelta(days=60), NOW)
    return Reading(found, US_EAST_1, 12, {"", "runs/"}, [SMALL_OBJECT])


def stored(age: int) -> Node:
    since = NOW - timedelta(days=age)
    return Node("runs/", [(Stored(StoredItem("runs/a", since, GIB), Volume.of(GIB), since),)])


@pytest.mark.parametrize(
    ("oldest", "after", "is_forbidden"),
    [
        (100, 30, False),
        (100, 90, True),  # it was so old in 10 days of the logs only
        (100, 120, True),
        (500, 365, False),
    ],
)
def test_a_move_at_an_age_that_nothing_had_in_all_of_the_logs_is_not_for_what_is_read(
    oldest: int, after: int, is_forbidden: bool
) -> None:
    moved = Timeline((Move(after, "INTELLIGENT_TIERING"),))
    assert reading(40, 100).forbids([stored(oldest)], moved) == is_forbidden
    assert not reading().forbids([stored(oldest)], moved)


def test_an_archive_is_for_what_is_twice_as_old_as_anything_that_was_read() -> None:
    archived = Timeline((Move(180, "DEEP_ARCHIVE"),))
    assert reading(90).forbids([stored(500)], archived)
    assert not reading(80).forbids([stored(500)], archived)
