"""A summary ↔ its file: Parquet, one row for each of its rows, with a head in the metadata.

The same summary is the same bytes, by one version of pyarrow.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from firnline.inventory.summary.cut import Cut
from firnline.inventory.summary.problems import DamagedSummary, NotASummary, OtherVersion
from firnline.inventory.summary.rows import AgesBy, Row, RowKind
from firnline.inventory.summary.summary import BucketSummary, Summary

SCHEMA_VERSION: Final = 1
"""Of the columns, the head, and of what they mean."""

_HEAD: Final = "firnline.summary"
_MAGIC: Final = b"PAR1"
_BUCKET, _KEYS = "bucket", "keys"
_TYPES: Final[Mapping[str, Any]] = {
    _BUCKET: pa.string(),
    _KEYS: pa.int32(),  # rows with the same number are the versions of the same keys
    "prefix": pa.string(),
    "kind": pa.string(),
    "storage_class": pa.string(),
    "access_tier": pa.string(),
    "is_latest": pa.bool_(),
    "is_null": pa.bool_(),
    "replication_status": pa.string(),
    "tags": pa.list_(pa.string()),
    "retained_until": pa.date32(),
    "is_held": pa.bool_(),
    "made_first": pa.date32(),
    "made_last": pa.date32(),
    "since_first": pa.date32(),
    "since_last": pa.date32(),
    "hidden": pa.int32(),
    "newer_least": pa.int32(),
    "newer_most": pa.int32(),
    "size_least": pa.int64(),
    "size_most": pa.int64(),
    "objects": pa.int64(),
    "bytes": pa.int64(),
    "padded": pa.int64(),
}
_Columns = Mapping[str, Sequence[Any]]


def to_parquet(summary: Summary) -> bytes:
    columns = _columns(summary)
    head = {
        "schema_version": SCHEMA_VERSION,
        "of": [_told(each) for each in summary.buckets],
    }
    head["sha256"] = _digest(head, columns)
    schema = pa.schema(list(_TYPES.items()))
    table = pa.table([_array(columns[name], type) for name, type in _TYPES.items()], schema)
    sink = pa.BufferOutputStream()
    with parquet.ParquetWriter(
        sink,
        schema,
        compression="zstd",
        write_statistics=False,
        store_schema=False,
        write_page_checksum=True,
    ) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({_HEAD: json.dumps(head, ensure_ascii=False)})
    return bytes(sink.getvalue())


def read_summary(content: bytes, called: str) -> Summary:
    """Raises a subclass of `UnusableSummary`."""
    if not content.startswith(_MAGIC):
        raise NotASummary(called, f"is no summary: {_HOW}")
    try:
        file = parquet.ParquetFile(pa.BufferReader(content), page_checksum_verification=True)
        stated = (file.metadata.metadata or {}).get(_HEAD.encode())
        head = json.loads(stated) if stated is not None else None
    except _UNREADABLE as problem:
        raise _damaged(called, _first_line(problem)) from None
    if head is None:
        raise NotASummary(called, f"is Parquet, but no summary: {_HOW}")
    if not isinstance(head, dict) or "schema_version" not in head:
        raise _damaged(called, "its head is not what was written")
    if head["schema_version"] != SCHEMA_VERSION:
        raise OtherVersion(
            called,
            f"is a summary of version {head['schema_version']!r}, and this Firnline reads version"
            f" {SCHEMA_VERSION}: make it again, or upgrade Firnline",
        )
    table = _table(file, called)
    if table.schema.remove_metadata() != pa.schema(list(_TYPES.items())):
        raise _damaged(called, "its columns are not those of a summary")
    columns = {name: _values(table.column(name)) for name in _TYPES}
    if head.pop("sha256", None) != _digest(head, columns):
        raise _damaged(called, "its content has another SHA-256 than it states")
    names = [each["bucket"] for each in head["of"]]
    if len(set(names)) < len(names):
        raise _damaged(called, "it has a bucket twice")
    return _summary(head, columns)


def _table(file: Any, called: str) -> Any:
    try:
        return file.read()
    except _UNREADABLE as problem:
        raise _damaged(called, _first_line(problem)) from None


_UNREADABLE: Final = (pa.ArrowException, OSError, ValueError, MemoryError)


def _first_line(problem: BaseException) -> str:
    return str(problem).partition("\n")[0]


_HOW: Final = "name a file that `firnline inventory summary --into` wrote"


def _damaged(called: str, why: str) -> DamagedSummary:
    return DamagedSummary(
        called, f"is damaged ({why}): take it from version control again, or make it again"
    )


def _digest(head: Mapping[str, Any], columns: _Columns) -> str:
    content = json.dumps([head, columns], sort_keys=True, default=list)
    return hashlib.sha256(content.encode()).hexdigest()


def _array(values: Sequence[Any], type: Any) -> Any:
    if type == pa.date32():
        return pa.array(values, pa.int32()).cast(type)
    return pa.array(values, type)


def _values(column: Any) -> list[Any]:
    if column.type == pa.date32():
        column = column.cast(pa.int32())
    return list(column.to_pylist())


def _columns(summary: Summary) -> dict[str, list[Any]]:
    lines = [
        (bucket.bucket, number, *row)
        for bucket in summary.buckets
        for number, stack in enumerate(bucket.stacks)
        for row in stack
    ]
    values = zip(*lines, strict=True) if lines else [()] * len(_TYPES)
    return {name: list(column) for name, column in zip(_TYPES, values, strict=True)}


def _told(bucket: BucketSummary) -> dict[str, Any]:
    return {
        "bucket": bucket.bucket,
        "as_of": bucket.as_of.astimezone(UTC).isoformat(),
        "newest": bucket.newest.astimezone(UTC).isoformat(),
        "all_versions": bucket.all_versions,
        "uploads": bucket.lists_uploads,
        "ages_by": bucket.ages_by.value,
        "prefixes": list(bucket.cut.prefixes),
        "sizes": list(bucket.cut.sizes),
        "newer_versions": list(bucket.cut.counts),
        "tag_keys": list(bucket.cut.tag_keys),
        "versions_together": bucket.cut.together,
    }


def _summary(head: Mapping[str, Any], columns: _Columns) -> Summary:
    lines = list(zip(*columns.values(), strict=True))
    stacks = {
        bucket: [
            tuple(_row(values) for _, _, *values in group)
            for _, group in groupby(of_bucket, lambda line: line[1])
        ]
        for bucket, of_bucket in groupby(lines, lambda line: line[0])
    }
    return Summary(tuple(_bucket(each, stacks.get(each["bucket"], ())) for each in head["of"]))


def _row(values: Sequence[Any]) -> Row:
    row = Row(*values)
    return row._replace(kind=RowKind(row.kind), tags=None if row.tags is None else tuple(row.tags))


def _bucket(told: Mapping[str, Any], stacks: Sequence[tuple[Row, ...]]) -> BucketSummary:
    return BucketSummary(
        bucket=told["bucket"],
        as_of=datetime.fromisoformat(told["as_of"]),
        newest=datetime.fromisoformat(told["newest"]),
        all_versions=told["all_versions"],
        lists_uploads=told["uploads"],
        cut=Cut(
            prefixes=tuple(told["prefixes"]),
            sizes=tuple(told["sizes"]),
            counts=tuple(told["newer_versions"]),
            tag_keys=tuple(told["tag_keys"]),
            together=told["versions_together"],
        ),
        ages_by=AgesBy(told["ages_by"]),
        stacks=tuple(stacks),
    )
