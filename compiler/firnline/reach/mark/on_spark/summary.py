"""The summary of one bucket inside Spark: workers sum up parts of it, and join them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import isqrt
from typing import Any, Final

import polars as pl
from pyspark.sql import functions as F

from firnline.inventory.facts.batches import empty_summary, fields_needed, summary_of_batches
from firnline.inventory.facts.branch import SHOWN, large_folders
from firnline.inventory.facts.fields import lists_all_versions
from firnline.inventory.facts.problems import NotEnoughRoom, UnreadableRows
from firnline.inventory.manifest import Manifest
from firnline.inventory.rows import column_name
from firnline.inventory.summary.cut import Cut
from firnline.inventory.summary.file import read_summary, to_parquet
from firnline.inventory.summary.parts import joined
from firnline.inventory.summary.summary import BucketSummary, Summary
from firnline.reach.mark.on_spark.in_arrow import in_arrow
from firnline.reach.mark.on_spark.inventory import rows_of

ROWS: Final = 2_000_000
"""Of a part, at most, on average: a worker sorts them in some hundred MB."""
MEMORY: Final = 500_000_000
"""Of the table engine in a worker, which spills what is more to the worker's disk."""

_PART: Final = "part binary, problem string"


class NotSummedUp(Exception):
    """The text says what a worker could not count, and what to do."""


def folders_in(objects: Any, whole: int, depth: int) -> Iterator[str]:
    """Those of most bytes of `whole`, as the summary of one machine has them."""

    def below(parents: Sequence[str]) -> dict[str, int]:
        size = F.sum(F.coalesce("size", F.lit(0)))
        data = objects.where(~F.col("is_delete_marker"))
        found = data.groupBy(_child_of(parents).alias("folder")).agg(size.alias("bytes"))
        large = found.where(F.col("bytes") >= -(-whole // SHOWN))
        return {folder: size for folder, size in rows_of(large) if folder is not None}

    yield from large_folders(whole, depth, below)


def _child_of(parents: Sequence[str]) -> Any:
    """The folder in one of the parents that a key lies in, or that parent, or null."""
    key, found = F.col("key"), F.lit(None).cast("string")
    for parent in parents:
        end = F.locate("/", key, len(parent) + 1)
        child = F.when(end > 0, F.substring(key, 1, end)).otherwise(F.lit(parent))
        found = F.when(key.startswith(F.lit(parent)), child).otherwise(found)
    return found


def summary_on_spark(
    rows: Any, count: int, manifest: Manifest, called: str, cut: Cut, limit: int
) -> BucketSummary:
    """Of some `count` rows, as data files have them; that of one machine, read once. Raises
    `NotSummedUp`.
    """
    context = rows.sparkSession.sparkContext
    fields = fields_needed(manifest.schema, cut)
    there = rows.select(*(F.col(f"`{each}`") for each in fields))
    if lists_all_versions(manifest.schema):
        (key,) = (each for each in fields if column_name(each) == "key")
        parts = max(context.defaultParallelism, -(-count // ROWS))
        there = there.repartition(parts, F.col(f"`{key}`"))
    shared = context.broadcast((manifest, called, cut, limit))

    def sum_up(batches: Iterator[Any]) -> Iterator[pl.DataFrame]:
        manifest, called, cut, limit = shared.value
        return _told(
            lambda: summary_of_batches(batches, manifest, called, cut, limit, MEMORY), batches
        )

    def join(batches: Iterator[Any]) -> Iterator[pl.DataFrame]:
        return _told(lambda: joined(_read(batches, called), limit), batches)

    several = there.mapInArrow(in_arrow(sum_up, _PART), _PART)
    few = several.repartition(1 + isqrt(there.rdd.getNumPartitions()))
    found = few.mapInArrow(in_arrow(join, _PART), _PART).collect()
    shared.destroy()
    if problems := sorted(row.problem for row in found if row.problem is not None):
        raise NotSummedUp(problems[0])
    whole = joined((_summary(row.part, called) for row in found), limit)
    return whole or empty_summary(manifest, cut)


def _told(
    sum_up: Callable[[], BucketSummary | None], batches: Iterable[Any]
) -> Iterator[pl.DataFrame]:
    """What it comes to, or why it cannot be summed up: an exception would lose its words on the way
    to the driver.
    """
    part, problem = None, None
    try:
        part = sum_up()
    except (UnreadableRows, NotEnoughRoom, NotSummedUp) as why:
        problem = str(why)
        for _ in batches:
            pass  # which Spark has already sent
    if part or problem:
        content = to_parquet(Summary((part,))) if part else None
        told = {"part": [content], "problem": [problem]}
        yield pl.DataFrame(told, {"part": pl.Binary, "problem": pl.String})


def _read(batches: Iterable[Any], called: str) -> Iterator[BucketSummary]:
    """Raises `NotSummedUp`."""
    for batch in batches:
        for content, problem in zip(*(each.to_pylist() for each in batch.columns), strict=True):
            if problem is not None:
                raise NotSummedUp(problem)
            yield _summary(content, called)


def _summary(content: bytes, called: str) -> BucketSummary:
    (part,) = read_summary(bytes(content), called).buckets
    return part
