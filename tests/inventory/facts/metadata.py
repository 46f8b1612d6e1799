"""Files of an S3 Metadata live inventory table, with the columns and types of the S3 User Guide,
"S3 Metadata live inventory tables schema"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet

Row = Mapping[str, Any]
"""By the names of columns; what is absent is null."""

MADE: Final = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
SCHEMA: Final = pa.schema(
    [
        pa.field("bucket", pa.string(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("sequence_number", pa.string(), nullable=False),
        pa.field("version_id", pa.string()),
        pa.field("is_delete_marker", pa.bool_()),
        pa.field("size", pa.int64()),
        pa.field("last_modified_date", pa.timestamp("us")),  # "Timestamp NTZ (no time zone)"
        pa.field("e_tag", pa.string()),
        pa.field("storage_class", pa.string()),
        pa.field("is_multipart", pa.bool_()),
        pa.field("encryption_status", pa.string()),
        pa.field("is_bucket_key_enabled", pa.bool_()),
        pa.field("kms_key_arn", pa.string()),
        pa.field("checksum_algorithm", pa.string()),
        pa.field("object_tags", pa.map_(pa.string(), pa.string())),
        pa.field("user_metadata", pa.map_(pa.string(), pa.string())),
    ]
)


def row(key: str, made: datetime, **more: Any) -> Row:
    """Of an object in STANDARD without tags, unless `more` says otherwise."""
    return {
        "bucket": "lab",
        "key": key,
        "sequence_number": f"80e737d8{int(made.timestamp()):016x}",
        "is_delete_marker": False,
        "size": 1,
        "last_modified_date": made.replace(tzinfo=None),
        "e_tag": "0123abcd",
        "storage_class": "STANDARD",
        "is_multipart": False,
        "encryption_status": "SSE-S3",
        "is_bucket_key_enabled": False,
        "object_tags": {},
        "user_metadata": {"owner": "not a tag"},
        **more,
    }


def marker(key: str, made: datetime, **more: Any) -> Row:
    """A delete marker: its size is 0, and it has no tags."""
    told = {"is_delete_marker": True, "size": 0, "storage_class": None, "object_tags": None}
    return row(key, made, **told, **more)


def write_table(
    folder: Path, rows: Sequence[Row], *, parts: int = 2, schema: pa.Schema = SCHEMA
) -> Path:
    """The folder. Rows lie in `parts` files by turns; as Athena does, without an extension."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in range(parts):
        write_file(folder / f"20261128_100000_{part}", rows[part::parts], schema)
    return folder


def write_file(path: Path, rows: Sequence[Row], schema: pa.Schema = SCHEMA) -> Path:
    columns = [
        pa.array([_plain(each.get(field.name)) for each in rows], field.type) for field in schema
    ]
    pa.parquet.write_table(pa.table(columns, schema=schema), path)
    return path


def _plain(value: object) -> object:
    return list(value.items()) if isinstance(value, dict) else value
