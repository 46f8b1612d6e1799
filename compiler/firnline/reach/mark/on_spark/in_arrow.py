"""A function on batches → one for `mapInArrow`, which runs in the workers of Spark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import polars as pl
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

InArrow = Callable[[Iterator[Any]], Iterator[Any]]


def in_arrow(function: Callable[[Iterator[Any]], Iterable[pl.DataFrame]], schema: str) -> InArrow:
    """From one that makes frames of Arrow batches."""
    told = StructType.fromDDL(schema)

    def on_batches(batches: Iterator[Any]) -> Iterator[Any]:
        arrow = to_arrow_schema(told, timezone="UTC")
        for each in function(batches):
            if len(each):
                table = each.to_arrow(compat_level=pl.CompatLevel.oldest())
                yield from table.cast(arrow).to_batches()

    return on_batches


def on_frames(
    function: Callable[[Iterable[pl.DataFrame]], Iterable[pl.DataFrame]], schema: str
) -> InArrow:
    """From one on frames."""
    return in_arrow(lambda batches: function(map(pl.DataFrame, batches)), schema)
