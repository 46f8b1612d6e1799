"""Batches of classified objects → sums of what is alike, and the first orphans by dollars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from firnline.reach.mark.classes import CLASS, REASON, STRENGTH
from firnline.reach.mark.known import MOST
from firnline.reach.mark.rates import USD
from firnline.reach.mark.report import LAST_READ, READS_A_MONTH, ObjectClass, Orphan, Share, Total

SHOWN: Final = 20


AT_A_TIME: Final = 1_000_000
"""Objects that are added up at once."""

_CODE: Final = "code"
_ENUMS: Final = {"class": CLASS, "strength": STRENGTH, "reason": REASON}
_BITS: Final = {
    "class": 3,
    "strength": 3,
    "reason": 6,
    "owner": MOST.bit_length(),
    "experiment": MOST.bit_length(),
}
"""Of what is alike, in a number."""


class Totals:
    """Of one bucket. Sums of dollars are of floating-point numbers: right to the cent."""

    def __init__(self, bucket: str, named: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
        """`named` puts the names of owners and experiments in place of their numbers."""
        self._bucket, self._named = bucket, named
        self._sums: list[pl.DataFrame] = []
        self._first: pl.DataFrame | None = None

    def add(self, objects: pl.DataFrame) -> None:
        one = objects.select(
            _code(),
            pl.lit(1, dtype=pl.Int64).alias("objects"),
            pl.col("size").fill_null(0).cast(pl.Int64).alias("bytes"),
            USD,
        )
        self._sums.append(one)
        if sum(map(len, self._sums[1:])) >= AT_A_TIME:
            self._sums = [_summed(self._sums)]
        first = _first(objects)
        self._first = first if self._first is None else _first(pl.concat([self._first, first]))

    @property
    def shares(self) -> tuple[Share, ...]:
        """Of most bytes first."""
        if not self._sums:
            return ()
        rows = self._named(_decoded(_summed(self._sums))).sort(
            "bytes", *_BITS, descending=[True, *[False] * len(_BITS)]
        )
        return tuple(
            Share(ObjectClass(is_), strength, reason, owner, experiment, Total(*total))
            for is_, strength, reason, owner, experiment, *total in rows.iter_rows()
        )

    @property
    def orphans(self) -> tuple[Orphan, ...]:
        if self._first is None:
            return ()
        read = [name for name in (LAST_READ, READS_A_MONTH) if name in self._first.columns]
        columns = ("key", "version_id", "size", "last_modified", "reason", "owner", "experiment")
        return tuple(
            Orphan(self._bucket, *row)
            for row in self._named(self._first).select(*columns, USD, *read).iter_rows()
        )


def _code() -> Any:
    """What is alike as one number: it is much faster to group by."""
    code: Any = pl.lit(0, dtype=pl.UInt64)
    for name, bits in _BITS.items():
        number = pl.col(name).to_physical() if name in _ENUMS else pl.col(name)
        code = code * (1 << bits) + (number.cast(pl.Int64) + 1).fill_null(0).cast(pl.UInt64)
    return code.alias(_CODE)


def _decoded(sums: pl.DataFrame) -> pl.DataFrame:
    code: Any = pl.col(_CODE)
    columns = []
    for name, bits in reversed(_BITS.items()):
        number = code % (1 << bits)
        code = code // (1 << bits)
        if name in _ENUMS:
            values = pl.Series([None, *_ENUMS[name].categories], dtype=_ENUMS[name])
            columns.append(pl.lit(values).gather(number).alias(name))
        else:
            columns.append((number.cast(pl.Int64) - 1).cast(pl.Int32).alias(name))
    return sums.select(*reversed(columns), "objects", "bytes", USD)


def _summed(sums: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(sums).group_by(_CODE).agg(pl.sum("objects", "bytes", USD))


def _first(objects: pl.DataFrame) -> pl.DataFrame:
    """Orphans by dollars, then by key: the same whatever the order of batches."""
    is_orphan = objects["class"] == ObjectClass.ORPHAN.value
    usd = objects[USD]
    least = usd.filter(is_orphan).top_k(SHOWN).min()
    if least is None:
        return objects.clear()
    most = objects.filter(is_orphan & (usd >= least))
    return most.sort(USD, "key", descending=[True, False]).head(SHOWN)
