"""Workers hand over parts of a summary that come to the whole, or the reason why they cannot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from firnline.inventory.manifest import InventoryFormat, Manifest
from firnline.inventory.summary.cut import Cut
from firnline.reach.mark.summary_in_parts import NotSummedUp, join, joined_in_the_end, sum_up
from tests.inventory.facts.written import MADE

FIELDS = ("key", "size", "last_modified_date")
MANIFEST = Manifest("lab", MADE, InventoryFormat.PARQUET, FIELDS, ())
CUT = Cut(("", "a/"), (10,), (), (), together=False)
MEMORY = 200_000_000


def batches(*sizes: int) -> Iterator[pa.RecordBatch]:
    """One for each."""
    for size in sizes:
        made = MADE - timedelta(days=size)
        yield pa.record_batch({"key": [f"a/{size}"], "size": [size], "last_modified_date": [made]})


def handed_over(*parts: pl.DataFrame) -> Iterator[Any]:
    for part in parts:
        yield from part.to_arrow().to_batches()


def part_of(*sizes: int) -> pl.DataFrame:
    return sum_up(batches(*sizes), MANIFEST, "it", CUT, 100, MEMORY)


def whole_of(*parts: pl.DataFrame) -> Any:
    rows = (row for part in parts for row in part.rows())
    return joined_in_the_end(rows, MANIFEST, "it", CUT, 100)


def test_joined_on_the_way_or_only_in_the_end_it_is_the_summary_of_the_whole() -> None:
    parts = [part_of(1, 12), part_of(2), part_of(13, 1)]
    whole = whole_of(part_of(1, 12, 2, 13, 1))
    assert sum(row.objects for row in whole.rows) == 5
    assert whole_of(*parts) == whole
    assert whole_of(join(handed_over(*parts[:2]), "it", 100), parts[2]) == whole


def test_a_worker_without_rows_hands_over_nothing_and_a_bucket_without_any_is_empty() -> None:
    assert part_of().is_empty()
    assert join(handed_over(), "it", 100).is_empty()
    empty = whole_of()
    assert (empty.bucket, empty.newest, empty.stacks) == ("lab", MADE, ())
    assert whole_of(part_of(), part_of(1)) == whole_of(part_of(1))


def test_why_a_part_cannot_be_summed_up_reaches_the_driver_in_its_own_words() -> None:
    rows = batches(1, -2, 3)
    bad = sum_up(rows, MANIFEST, "it", CUT, 100, MEMORY)
    assert list(rows) == [], "Spark waits until what it sent is read"
    for parts in ([part_of(1), bad], [join(handed_over(part_of(1), bad), "it", 100)]):
        with pytest.raises(NotSummedUp, match=r"^it is what S3 .* has a negative size"):
            whole_of(*parts)


def test_a_part_that_finds_no_room_says_so() -> None:
    many = pa.record_batch(
        {
            "key": [f"{number:0900}" for number in range(5_000)],
            "size": [1] * 5_000,
            "last_modified_date": [MADE] * 5_000,
        }
    )
    found = sum_up(iter([many]), MANIFEST, "it", CUT, 100, 1_000_000)
    with pytest.raises(NotSummedUp, match=r"^it needs more memory than 1 MB"):
        whole_of(found)
