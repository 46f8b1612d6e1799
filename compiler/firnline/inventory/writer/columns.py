"""What is in each field of a row, of which type, and what a Parquet or ORC file calls it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from operator import attrgetter
from typing import Final, NamedTuple
from urllib.parse import urlencode

from firnline.inventory.writer.row import Field, InventoryRow

Value = Callable[[InventoryRow], object]


class Type(Enum):
    TEXT = auto()
    FLAG = auto()
    NUMBER = auto()
    MOMENT = auto()


class Column(NamedTuple):
    """`value` is None where a row has none."""

    field: Field
    name: str
    type: Type
    value: Value


def columns_of(fields: Sequence[Field], bucket: str) -> list[Column]:
    """Each row of an inventory is of the same bucket."""
    values = _values(bucket)
    return [Column(field, *_NAMES[field], values[field]) for field in fields]


def _tags(row: InventoryRow) -> str:
    return urlencode(row.tags)


_NAMES: Final = {
    Field.BUCKET: ("bucket", Type.TEXT),
    Field.KEY: ("key", Type.TEXT),
    Field.VERSION_ID: ("version_id", Type.TEXT),
    Field.IS_LATEST: ("is_latest", Type.FLAG),
    Field.IS_DELETE_MARKER: ("is_delete_marker", Type.FLAG),
    Field.SIZE: ("size", Type.NUMBER),
    Field.LAST_MODIFIED: ("last_modified_date", Type.MOMENT),
    Field.ETAG: ("e_tag", Type.TEXT),
    Field.STORAGE_CLASS: ("storage_class", Type.TEXT),
    Field.IS_MULTIPART: ("is_multipart_uploaded", Type.FLAG),
    Field.REPLICATION_STATUS: ("replication_status", Type.TEXT),
    Field.ENCRYPTION: ("encryption_status", Type.TEXT),
    Field.RETAIN_UNTIL: ("object_lock_retain_until_date", Type.MOMENT),
    Field.LOCK_MODE: ("object_lock_mode", Type.TEXT),
    Field.LEGAL_HOLD: ("object_lock_legal_hold_status", Type.TEXT),
    Field.ACCESS_TIER: ("intelligent_tiering_access_tier", Type.TEXT),
    Field.EXPIRATION: ("lifecycle_expiration_date", Type.MOMENT),
    Field.OBJECT_TAGS: ("object_tags", Type.TEXT),
    Field.UPLOAD_ID: ("upload_id", Type.TEXT),
}
"""S3 User Guide, "Locating your inventory list": the schemas of the examples."""


def _values(bucket: str) -> dict[Field, Value]:
    return {
        Field.BUCKET: lambda _: bucket,
        Field.KEY: attrgetter("key"),
        Field.VERSION_ID: attrgetter("version_id"),
        Field.IS_LATEST: attrgetter("is_latest"),
        Field.IS_DELETE_MARKER: attrgetter("is_delete_marker"),
        Field.SIZE: attrgetter("size"),
        Field.LAST_MODIFIED: attrgetter("last_modified"),
        Field.ETAG: attrgetter("etag"),
        Field.STORAGE_CLASS: attrgetter("storage_class"),
        Field.IS_MULTIPART: attrgetter("is_multipart"),
        Field.REPLICATION_STATUS: attrgetter("replication_status"),
        Field.ENCRYPTION: attrgetter("encryption"),
        Field.RETAIN_UNTIL: attrgetter("retain_until"),
        Field.LOCK_MODE: attrgetter("lock_mode"),
        Field.LEGAL_HOLD: attrgetter("legal_hold"),
        Field.ACCESS_TIER: attrgetter("access_tier"),
        Field.EXPIRATION: attrgetter("expiration"),
        Field.OBJECT_TAGS: _tags,
        Field.UPLOAD_ID: attrgetter("upload_id"),
    }
