"""As many rows as a small file holds, in the finest ages that fit."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from firnline.inventory.summary.collect import TooManyRows, collected
from firnline.inventory.summary.cut import Cut
from firnline.inventory.summary.rows import AgesBy, Row
from tests.inventory.summary.test_file import ROW

TODAY = 20_100
CUT = Cut(("", "runs/ä"), (131_072,), (1, 3), (), together=False)
DAYS = 300


def made(days_ago: int, size: int = 10) -> Row:
    day = TODAY - days_ago
    return ROW._replace(
        is_latest=True,
        made_first=day,
        made_last=day,
        since_first=None,
        since_last=None,
        tags=None,
        newer_least=0,
        newer_most=0,
        size_least=size,
        size_most=size,
        objects=1,
        bytes=size,
        padded=max(size, 131_072),
    )


ROWS = [(made(days, size),) for days in range(DAYS) for size in (10, 200_000, 300_000)]


@pytest.mark.parametrize(
    ("limit", "by", "rows"),
    [
        (600, AgesBy.DAY, 600),
        (599, AgesBy.WEEK, 86),
        (85, AgesBy.FOUR_WEEKS, 22),
        (3, AgesBy.FOUR_WEEKS, 22),
    ],
)
def test_ages_are_as_fine_as_the_limit_allows(limit: int, by: AgesBy, rows: int) -> None:
    ages_by, stacks = collected(ROWS, CUT, TODAY, limit)
    assert (ages_by, len(stacks)) == (by, rows)
    assert sum(row.objects for (row,) in stacks) == 3 * DAYS
    assert all(row.made_last - row.made_first < by.days for (row,) in stacks)
    assert {(row.size_least, row.size_most) for (row,) in stacks} == {
        (10, 10),
        (200_000, 300_000),
    }


@pytest.mark.parametrize("limit", [599, 100, 50])
def test_the_order_of_the_rows_does_not_matter(limit: int) -> None:
    found = collected(ROWS, CUT, TODAY, limit)
    for seed in range(5):
        assert collected(Random(seed).sample(ROWS, len(ROWS)), CUT, TODAY, limit) == found


def test_versions_that_are_kept_together_are_told_by_day_or_not_at_all() -> None:
    together = replace(CUT, together=True)
    assert collected(ROWS, together, TODAY, 600)[0] is AgesBy.DAY
    with pytest.raises(TooManyRows):
        collected(ROWS, together, TODAY, 599)
