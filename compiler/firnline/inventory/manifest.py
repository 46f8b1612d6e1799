"""The manifest.json of S3 Inventory: of which bucket, when, in which files, with which columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from firnline.diagnostics.visible import visible
from firnline.inventory.not_a_listing import NotAListing


class InventoryFormat(StrEnum):
    """Of the data files: `fileFormat` in a manifest."""

    CSV = "CSV"
    PARQUET = "Parquet"
    ORC = "ORC"


@dataclass(frozen=True, slots=True)
class DataFile:
    """`key` is that in the destination bucket; the rest is of the file as S3 wrote it."""

    key: str
    md5: str | None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """S3 User Guide, "Locating your inventory list": inventory manifest."""

    bucket: str
    made: datetime | None
    format: InventoryFormat
    schema: tuple[str, ...]
    files: tuple[DataFile, ...]


def is_manifest(document: object) -> bool:
    return isinstance(document, Mapping) and "sourceBucket" in document and "files" in document


def read_manifest(document: Mapping[str, Any]) -> Manifest:
    """Raises `NotAListing`."""
    schema, files = document.get("fileSchema"), document["files"]
    if not isinstance(schema, str) or not isinstance(files, list):
        raise NotAListing("is a manifest of S3 Inventory without `fileSchema` or `files`")
    form = _format(document.get("fileFormat"))
    return Manifest(
        str(document["sourceBucket"]),
        _made(document.get("creationTimestamp")),
        form,
        _COLUMNS[form](schema),
        tuple(_file(each) for each in files),
    )


def columns_of(schema: str) -> tuple[str, ...]:
    """Of a text such as `Bucket, Key, Size`."""
    return tuple(name.strip() for name in schema.split(","))


def _of_message(schema: str) -> tuple[str, ...]:
    """Of a text such as `message s3.inventory { required binary bucket (UTF8); … }`."""
    return tuple(re.findall(r"(?:required|optional)\s+\w+\s+(\w+)", schema))


def _of_struct(schema: str) -> tuple[str, ...]:
    """Of a text such as `struct<bucket:string,key:string,size:bigint>`."""
    return tuple(re.findall(r"[<,]\s*(\w+)\s*:", schema))


_COLUMNS: Final = {
    InventoryFormat.CSV: columns_of,
    InventoryFormat.PARQUET: _of_message,
    InventoryFormat.ORC: _of_struct,
}


def _format(said: object) -> InventoryFormat:
    try:
        return InventoryFormat(str(said))
    except ValueError:
        formats = ", ".join(InventoryFormat)
        raise NotAListing(
            f"is the manifest of an inventory in {visible(str(said))}, which is none of {formats}"
        ) from None


def _file(said: object) -> DataFile:
    key = said.get("key") if isinstance(said, Mapping) else None
    if not isinstance(said, Mapping) or not isinstance(key, str):
        raise NotAListing("is a manifest of S3 Inventory in which a file has no `key`")
    md5, size = said.get("MD5checksum"), said.get("size")
    return DataFile(
        key, md5 if isinstance(md5, str) else None, size if isinstance(size, int) else None
    )


def _made(milliseconds: object) -> datetime | None:
    """Since 1970, as text."""
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(str(milliseconds)))
    except (ValueError, OverflowError):
        return None
