"""The one typed table of what is stored: its columns, their types, and what a row means.

A row is an object version or a delete marker. Null is "not known": an inventory has only the
fields that somebody chose, and nothing is assumed in place of the others.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Column(StrEnum):
    """Of the table. Moments are UTC."""

    BUCKET = "bucket"
    KEY = "key"
    """As it is, not URL-encoded."""

    VERSION_ID = "version_id"
    """`null` (the text) for the version without an ID of its own, as S3 calls it."""

    IS_LATEST = "is_latest"
    """Whether it is the current version of its key."""

    IS_DELETE_MARKER = "is_delete_marker"
    SIZE = "size"
    """In bytes. Null for a delete marker too."""

    LAST_MODIFIED = "last_modified"
    """When the version was created: S3 counts its age from here."""

    NONCURRENT_SINCE = "noncurrent_since"
    """When the next newer version of the key, or a delete marker, was created. Null for a current
    version, and for a noncurrent one whose successor the inventory lacks.
    """

    NEWER_NONCURRENT_VERSIONS = "newer_noncurrent_versions"
    """How many noncurrent versions of the key are newer, delete markers included; what
    `NewerNoncurrentVersions` of a rule counts. Null for a current version.
    """

    NONCURRENT_VERSIONS = "noncurrent_versions"
    """How many noncurrent versions the key has, delete markers included; where a current delete
    marker has 0 it is a sole one, which S3 calls expired.
    """

    STORAGE_CLASS = "storage_class"
    """As S3 spells it, also where we do not know it. Null for a delete marker too."""

    ACCESS_TIER = "access_tier"
    """Of an object in INTELLIGENT_TIERING, as S3 spells it; null in all other classes."""

    TAGS = "tags"
    """Key → value; no tags are an empty map. S3 Inventory has none: null."""

    ETAG = "etag"
    PART_COUNT = "part_count"
    """Of how many parts the upload was, by the end of the ETag; 0 for an upload in one piece."""

    ENCRYPTION = "encryption"
    """SSE-S3, SSE-C, SSE-KMS, DSSE-KMS or NOT-SSE."""

    LOCK_MODE = "lock_mode"
    """GOVERNANCE or COMPLIANCE; null too for a version that is not under retention."""

    RETAIN_UNTIL = "retain_until"
    """To when Object Lock keeps the version; null too for one that is not under retention."""

    LEGAL_HOLD = "legal_hold"
    REPLICATION_STATUS = "replication_status"
    """PENDING, FAILED, COMPLETED or REPLICA; null too for an object that is not replicated."""

    EXPIRATION = "expiration"
    """When S3 says that its lifecycle expires the current version; null too where no rule does."""


TYPES: Final = {
    Column.BUCKET: "varchar",
    Column.KEY: "varchar",
    Column.VERSION_ID: "varchar",
    Column.IS_LATEST: "boolean",
    Column.IS_DELETE_MARKER: "boolean",
    Column.SIZE: "bigint",
    Column.LAST_MODIFIED: "timestamptz",
    Column.NONCURRENT_SINCE: "timestamptz",
    Column.NEWER_NONCURRENT_VERSIONS: "integer",
    Column.NONCURRENT_VERSIONS: "integer",
    Column.STORAGE_CLASS: "varchar",
    Column.ACCESS_TIER: "varchar",
    Column.TAGS: "map(varchar, varchar)",
    Column.ETAG: "varchar",
    Column.PART_COUNT: "integer",
    Column.ENCRYPTION: "varchar",
    Column.LOCK_MODE: "varchar",
    Column.RETAIN_UNTIL: "timestamptz",
    Column.LEGAL_HOLD: "boolean",
    Column.REPLICATION_STATUS: "varchar",
    Column.EXPIRATION: "timestamptz",
}
"""In the SQL of the engine."""

DERIVED: Final = (
    Column.NONCURRENT_SINCE,
    Column.NEWER_NONCURRENT_VERSIONS,
    Column.NONCURRENT_VERSIONS,
)
"""No field of an inventory: they follow from all versions of a key, by `noncurrent`."""


def null(column: Column) -> str:
    """SQL."""
    return f"null::{TYPES[column]}"


def quoted(text: str) -> str:
    """As SQL spells a text, such as a prefix."""
    return "'" + text.replace("'", "''") + "'"
