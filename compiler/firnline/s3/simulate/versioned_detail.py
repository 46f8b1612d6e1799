"""Which detail of a stored item exists only in a bucket that keeps versions, or kept them once?"""

from __future__ import annotations

from enum import Enum

from firnline.s3.simulate.stored import ItemKind, StoredItem


class VersionedDetail(Enum):
    """S3 User Guide, "Working with delete markers", "Using S3 Object Lock" and "Requirements for
    replication": the last two need versioning.
    """

    OLD_VERSION = "a noncurrent version"
    DELETE_MARKER = "a delete marker"
    OBJECT_LOCK = "Object Lock"
    REPLICATION = "replication"


def versioned_detail(item: StoredItem) -> VersionedDetail | None:
    """A null version shows nothing: every object of an unversioned bucket is one."""
    if item.kind is ItemKind.DELETE_MARKER:
        return VersionedDetail.DELETE_MARKER
    if not item.current:
        return VersionedDetail.OLD_VERSION
    if item.legal_hold or item.retain_until is not None:
        return VersionedDetail.OBJECT_LOCK
    return None if item.replication is None else VersionedDetail.REPLICATION
