"""The summary of one bucket inside Spark: workers sum up parts of it, and join them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isqrt
from typing import Any, Final

import polars as pl
from pyspark.sql import functions as F

from firnline.inventory.facts.batches import fields_needed
from firnline.inventory.facts.branch import SHOWN, large_folders
from firnline.inventory.facts.fields import lists_all_versions
from firnline.inventory.manifest import Manifest
from firnline.inventory.rows import column_name
from firnline.inventory.summary.cut import Cut
from firnline.inventory.summary.summary import BucketSummary
from firnline.reach.mark.on_spark.in_arrow import in_arrow
from firnline.reach.mark.on_spark.inventory import rows_of
from firnline.reach.mark.summary_in_parts import PART, join, joined_in_the_end, sum_up

ROWS: Final = 2_000_000
"""Of a part, at most, on average: a worker sorts them in some hundred MB."""
MEMORY: Final = 500_000_000
"""Of the table engine in a worker, which spills what is more to the worker's disk."""


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
    else:
        parts = there.rdd.getNumPartitions()
    shared = context.broadcast((manifest, called, cut, limit))

    def of_rows(batches: Iterator[Any]) -> Iterator[pl.DataFrame]:
        manifest, called, cut, limit = shared.value
        yield sum_up(batches, manifest, called, cut, limit, MEMORY)

    def of_parts(batches: Iterator[Any]) -> Iterator[pl.DataFrame]:
        yield join(batches, called, limit)

    several = there.mapInArrow(in_arrow(of_rows, PART), PART)
    few = several.repartition(1 + isqrt(parts))
    found = few.mapInArrow(in_arrow(of_parts, PART), PART).collect()
    shared.destroy()
    return joined_in_the_end(map(tuple, found), manifest, called, cut, limit)
