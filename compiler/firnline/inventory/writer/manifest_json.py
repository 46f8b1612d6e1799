"""The data files of an inventory → its manifest.json and manifest.checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from firnline.inventory.manifest import DataFile, InventoryFormat
from firnline.inventory.writer.columns import Column, Type, columns_of
from firnline.inventory.writer.row import Field

_VERSION: Final = "2016-11-30"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def manifest_json(
    *,
    source: str,
    destination: str,
    made: datetime,
    form: InventoryFormat,
    fields: Sequence[Field],
    files: Sequence[DataFile],
) -> bytes:
    """`source` and `destination` are names of buckets. S3 User Guide, "Locating your inventory
    list".
    """
    document = {
        "sourceBucket": source,
        "destinationBucket": f"arn:aws:s3:::{destination}",
        "version": _VERSION,
        "creationTimestamp": str((made - _EPOCH) // timedelta(milliseconds=1)),
        "fileFormat": form.value,
        "fileSchema": _SCHEMAS[form](columns_of(fields, source)),
        "files": [{"key": file.key, "size": file.size, "MD5checksum": file.md5} for file in files],
    }
    return f"{json.dumps(document, indent=2)}\n".encode()


def checksum(manifest: bytes) -> bytes:
    """What manifest.checksum holds: the MD5 of the manifest."""
    return f"{md5(manifest)}\n".encode()


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _of_csv(columns: Sequence[Column]) -> str:
    return ", ".join(column.field for column in columns)


def _of_parquet(columns: Sequence[Column]) -> str:
    fields = "".join(
        f"  {'required' if column.field in (Field.BUCKET, Field.KEY) else 'optional'}"
        f" {_IN_PARQUET[column.type].format(column.name)};"
        for column in columns
    )
    return f"message s3.inventory {{{fields}}}"


def _of_orc(columns: Sequence[Column]) -> str:
    fields = ",".join(f"{column.name}:{_IN_ORC[column.type]}" for column in columns)
    return f"struct<{fields}>"


_SCHEMAS: Final[dict[InventoryFormat, Callable[[Sequence[Column]], str]]] = {
    InventoryFormat.CSV: _of_csv,
    InventoryFormat.PARQUET: _of_parquet,
    InventoryFormat.ORC: _of_orc,
}
_IN_PARQUET: Final = {
    Type.TEXT: "binary {} (UTF8)",
    Type.FLAG: "boolean {}",
    Type.NUMBER: "int64 {}",
    Type.MOMENT: "int64 {} (TIMESTAMP_MILLIS)",
}
_IN_ORC: Final = {
    Type.TEXT: "string",
    Type.FLAG: "boolean",
    Type.NUMBER: "bigint",
    Type.MOMENT: "timestamp",
}
