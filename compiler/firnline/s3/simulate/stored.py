"""What lifecycle acts on: object versions, delete markers, incomplete multipart uploads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from firnline.s3.terms import AccessTier, ReplicationStatus, Versioning


class ItemKind(Enum):
    OBJECT_VERSION = "object"
    DELETE_MARKER = "delete marker"
    MULTIPART_UPLOAD = "upload"


class LifecycleAction(Enum):
    """What S3 does with a stored item; the values are those of the conformance format."""

    NONE = "none"
    TRANSITION = "transition"
    EXPIRE = "expire"
    DELETE_MARKER = "delete_marker"
    DELETE_VERSION = "delete_version"
    REMOVE_DELETE_MARKER = "remove_delete_marker"
    ABORT_UPLOAD = "abort_upload"

    @property
    def destroys(self) -> bool:
        """Whether it deletes something permanently."""
        return self not in (
            LifecycleAction.NONE,
            LifecycleAction.TRANSITION,
            LifecycleAction.DELETE_MARKER,
        )


class MissingDetail(ValueError):
    """A detail that decides what S3 would do is missing; the text names it."""


@dataclass(frozen=True, slots=True)
class BucketState:
    """The properties of a bucket that decide about lifecycle."""

    versioning: Versioning = Versioning.OFF
    mfa_delete: bool = False


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One object version, delete marker or incomplete multipart upload in a bucket.

    `size` is in bytes, 0 for a marker. `null_version` marks a version without an ID of its own,
    from before versioning or while it was suspended. `newer_noncurrent` counts the noncurrent
    versions of the key that are newer than this one; `hidden` the noncurrent versions behind a
    current delete marker. `tier` is the access tier inside INTELLIGENT_TIERING. Moments know their
    time zone.
    """

    key: str
    created: datetime
    size: int = 0
    storage_class: str = "STANDARD"
    tags: tuple[tuple[str, str], ...] = ()
    kind: ItemKind = ItemKind.OBJECT_VERSION
    current: bool = True
    null_version: bool = False
    noncurrent_since: datetime | None = None
    newer_noncurrent: int = 0
    hidden: int = 0
    retain_until: datetime | None = None
    legal_hold: bool = False
    replication: ReplicationStatus | None = None
    tier: AccessTier | None = None

    def __post_init__(self) -> None:
        if self.created.tzinfo is None:
            raise MissingDetail("`created` does not say its time zone")
        if not self.current and self.noncurrent_since is None:
            raise MissingDetail("a noncurrent version needs `noncurrent_since`")
        if self.kind is not ItemKind.OBJECT_VERSION and (self.size or self.tags):
            raise MissingDetail(f"a {self.kind.value} has neither a size nor tags")

    @property
    def awaits_replication(self) -> bool:
        return self.replication is not None and self.replication.keeps_lifecycle_off

    def locked_at(self, moment: datetime) -> bool:
        """Whether Object Lock keeps this version from being destroyed then."""
        return self.legal_hold or (self.retain_until is not None and moment < self.retain_until)
