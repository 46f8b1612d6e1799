"""What nobody needs → a Parquet file or a CSV of all of it, written as it is found."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from firnline.reach.mark.rates import USD
from firnline.reach.mark.report import LAST_READ, READS_A_MONTH

COLUMNS: Final = {
    "bucket": pa.string(),
    "key": pa.string(),
    "version_id": pa.string(),
    "bytes": pa.int64(),
    "last_modified": pa.timestamp("us", tz="UTC"),
    "class": pa.string(),
    "strength": pa.string(),
    "reason": pa.string(),
    "owner": pa.string(),
    "experiment": pa.string(),
    "usd_month": pa.float64(),
}
OF_READS: Final = {
    LAST_READ: pa.timestamp("us", tz="UTC"),
    READS_A_MONTH: pa.float64(),
}
"""Behind the others, where reads were named; null in buckets of which none are known."""
HEAD: Final = "firnline.audit"
"""In the metadata of the file: an audit without its objects, as JSON."""

Batches = Iterable[tuple[str, pl.DataFrame]]
"""Rows as `audit_bucket` yields them, with the name of their bucket."""


def parquet_parts(batches: Batches, *, with_reads: bool = False) -> Iterator[bytes]:
    """The bytes of the file, as they come."""
    sink = _Parts()
    columns = _columns(with_reads)
    schema = pa.schema(list(columns.items()))
    with parquet.ParquetWriter(
        sink, schema, compression="zstd", use_dictionary=_REPEATED, write_statistics=_BOUNDED
    ) as writer:
        for bucket, rows in batches:
            if len(rows):
                writer.write_table(_table(bucket, rows, columns).cast(schema))
            yield from sink.taken()
    yield from sink.taken()


def csv_parts(batches: Batches, *, with_reads: bool = False) -> Iterator[bytes]:
    columns = _columns(with_reads)
    yield ",".join(columns).encode() + b"\n"
    for bucket, rows in batches:
        buffer = io.BytesIO()
        frame_of(bucket, rows, columns).write_csv(buffer, include_header=False)
        yield buffer.getvalue()


_TYPES: Final = {LAST_READ: pl.Datetime("us", "UTC"), READS_A_MONTH: pl.Float64()}
_BOUNDED: Final = ["bytes", "last_modified", "class", "reason", "owner", "usd_month"]
_REPEATED: Final = ["bucket", "class", "strength", "reason", "owner", "experiment"]


def _columns(with_reads: bool) -> dict[str, Any]:
    return COLUMNS | (OF_READS if with_reads else {})


def frame_of(
    bucket: str, rows: pl.DataFrame, columns: Collection[str] = tuple(COLUMNS)
) -> pl.DataFrame:
    """With the columns of the file."""
    if missing := [name for name in OF_READS if name in columns and name not in rows.columns]:
        rows = rows.with_columns(pl.lit(None, dtype=_TYPES[name]).alias(name) for name in missing)
    named = rows.with_columns(
        pl.lit(bucket).alias("bucket"),
        pl.col("size").alias("bytes"),
        pl.col("class", "strength", "reason").cast(pl.String),
        pl.col(USD).alias("usd_month"),
    )
    return named.select(*columns)


def _table(bucket: str, rows: pl.DataFrame, columns: Collection[str]) -> Any:
    return frame_of(bucket, rows, columns).to_arrow(compat_level=pl.CompatLevel.oldest())


class _Parts(io.RawIOBase):
    """A file that hands on what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._written

    def write(self, part: Any) -> int:
        content = bytes(part)
        self._parts.append(content)
        self._written += len(content)
        return len(content)

    def taken(self) -> Iterator[bytes]:
        parts, self._parts = self._parts, []
        yield from parts
