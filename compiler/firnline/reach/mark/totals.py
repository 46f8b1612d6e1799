"""Batches of classified objects → sums of what is alike, and the first orphans by dollars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from firnline.reach.mark.rates import USD
from firnline.reach.mark.report import ObjectClass, Orphan, Share, Total

SHOWN: Final = 20
_ALIKE: Final = ("class", "strength", "reason", "owner", "experiment")


class Totals:
    """Of one bucket. Sums of dollars are of floating-point numbers: right to the cent."""

    def __init__(self, bucket: str, named: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
        """`named` puts the names of owners and experiments in place of their numbers."""
        self._bucket, self._named = bucket, named
        self._sums: pl.DataFrame | None = None
        self._first: pl.DataFrame | None = None

    def add(self, objects: pl.DataFrame) -> None:
        sums = objects.group_by(_ALIKE).agg(
            pl.len().cast(pl.Int64).alias("objects"),
            pl.col("size").fill_null(0).sum().cast(pl.Int64).alias("bytes"),
            pl.col(USD).sum(),
        )
        self._sums = sums if self._sums is None else _summed(pl.concat([self._sums, sums]))
        orphans = objects.filter(pl.col("class") == ObjectClass.ORPHAN.value)
        first = _first(orphans)
        self._first = first if self._first is None else _first(pl.concat([self._first, first]))

    @property
    def shares(self) -> tuple[Share, ...]:
        """Of most bytes first."""
        if self._sums is None:
            return ()
        rows = self._named(self._sums).sort(
            "bytes", *_ALIKE, descending=[True, *[False] * len(_ALIKE)]
        )
        return tuple(
            Share(ObjectClass(is_), strength, reason, owner, experiment, Total(*total))
            for is_, strength, reason, owner, experiment, *total in rows.iter_rows()
        )

    @property
    def orphans(self) -> tuple[Orphan, ...]:
        if self._first is None:
            return ()
        columns = ("key", "version_id", "size", "last_modified", "reason", "owner", "experiment")
        return tuple(
            Orphan(self._bucket, *row)
            for row in self._named(self._first).select(*columns, USD).iter_rows()
        )


def _summed(sums: pl.DataFrame) -> pl.DataFrame:
    return sums.group_by(_ALIKE).agg(pl.sum("objects", "bytes", USD))


def _first(orphans: pl.DataFrame) -> pl.DataFrame:
    """By dollars, then by key: the same whatever the order of batches."""
    if orphans.is_empty():
        return orphans
    least = orphans[USD].top_k(SHOWN).min()
    most = orphans.filter(pl.col(USD) >= least)
    return most.sort(USD, "key", descending=[True, False]).head(SHOWN)
