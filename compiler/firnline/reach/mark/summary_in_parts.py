"""What workers hand over of a summary: parts of it, or why a part cannot be summed up.

An exception would lose its words on the way to the driver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import polars as pl

from firnline.inventory.facts.batches import empty_summary, summary_of_batches
from firnline.inventory.facts.problems import NotEnoughRoom, UnreadableRows
from firnline.inventory.manifest import Manifest
from firnline.inventory.summary.cut import Cut
from firnline.inventory.summary.file import read_summary, to_parquet
from firnline.inventory.summary.parts import joined
from firnline.inventory.summary.summary import BucketSummary, Summary

PART: Final = "part binary, problem string"
_TYPES: Final = {"part": pl.Binary(), "problem": pl.String()}


class NotSummedUp(Exception):
    """The text says what could not be counted, and what to do."""


def sum_up(
    batches: Iterator[Any], manifest: Manifest, called: str, cut: Cut, limit: int, memory: int
) -> pl.DataFrame:
    """Of rows as data files have them, of whole keys: a row of `PART`, or none."""
    return _told(lambda: summary_of_batches(batches, manifest, called, cut, limit, memory), batches)


def join(batches: Iterator[Any], called: str, limit: int) -> pl.DataFrame:
    """Of rows of `PART`, such a row, or none."""
    return _told(lambda: joined(_parts(_rows(batches), called), limit), batches)


def joined_in_the_end(
    rows: Iterable[tuple[bytes | None, str | None]],
    manifest: Manifest,
    called: str,
    cut: Cut,
    limit: int,
) -> BucketSummary:
    """Of all rows of `PART`. Raises `NotSummedUp`."""
    return joined(_parts(rows, called), limit) or empty_summary(manifest, cut)


def _told(summed_up: Callable[[], BucketSummary | None], batches: Iterable[Any]) -> pl.DataFrame:
    try:
        part = summed_up()
    except (UnreadableRows, NotEnoughRoom, NotSummedUp) as problem:
        for _ in batches:
            pass  # which Spark has sent already
        return pl.DataFrame({"part": [None], "problem": [str(problem)]}, _TYPES)
    if part is None:
        return pl.DataFrame(schema=_TYPES)
    return pl.DataFrame({"part": [to_parquet(Summary((part,)))], "problem": [None]}, _TYPES)


def _rows(batches: Iterable[Any]) -> Iterator[tuple[bytes | None, str | None]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _parts(rows: Iterable[tuple[bytes | None, str | None]], called: str) -> Iterator[BucketSummary]:
    """Raises `NotSummedUp`."""
    for content, problem in rows:
        if content is None:
            raise NotSummedUp(problem or f"{called}: a worker handed over no part of its summary")
        yield from read_summary(bytes(content), called).buckets
