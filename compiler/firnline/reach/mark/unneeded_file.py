"""What nobody needs → a Parquet file or a CSV of all of it, written as it is found."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from firnline.reach.mark.rates import USD

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
HEAD: Final = "firnline.audit"
"""In the metadata of the file: an audit without its objects, as JSON."""

Batches = Iterable[tuple[str, pl.DataFrame]]
"""Rows as `audit_bucket` yields them, with the name of their bucket."""


def parquet_parts(batches: Batches) -> Iterator[bytes]:
    """The bytes of the file, as they come."""
    sink = _Parts()
    schema = pa.schema(list(COLUMNS.items()))
    with parquet.ParquetWriter(
        sink, schema, compression="zstd", use_dictionary=_REPEATED, write_statistics=_BOUNDED
    ) as writer:
        for bucket, rows in batches:
            if len(rows):
                writer.write_table(_table(bucket, rows).cast(schema))
            yield from sink.taken()
    yield from sink.taken()


def csv_parts(batches: Batches) -> Iterator[bytes]:
    yield ",".join(COLUMNS).encode() + b"\n"
    for bucket, rows in batches:
        buffer = io.BytesIO()
        frame_of(bucket, rows).write_csv(buffer, include_header=False)
        yield buffer.getvalue()


_BOUNDED: Final = ["bytes", "last_modified", "class", "reason", "owner", "usd_month"]
_REPEATED: Final = ["bucket", "class", "strength", "reason", "owner", "experiment"]


def frame_of(bucket: str, rows: pl.DataFrame) -> pl.DataFrame:
    """With the columns of the file."""
    named = rows.with_columns(
        pl.lit(bucket).alias("bucket"),
        pl.col("size").alias("bytes"),
        pl.col("class", "strength", "reason").cast(pl.String),
        pl.col(USD).alias("usd_month"),
    )
    return named.select(*COLUMNS)


def _table(bucket: str, rows: pl.DataFrame) -> Any:
    return frame_of(bucket, rows).to_arrow(compat_level=pl.CompatLevel.oldest())


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
