"""One row of an inventory, and which fields it can have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Field(StrEnum):
    """As `fileSchema` names it (S3 User Guide, "Amazon S3 Inventory list")."""

    BUCKET = "Bucket"
    KEY = "Key"
    VERSION_ID = "VersionId"
    IS_LATEST = "IsLatest"
    IS_DELETE_MARKER = "IsDeleteMarker"
    SIZE = "Size"
    LAST_MODIFIED = "LastModifiedDate"
    ETAG = "ETag"
    STORAGE_CLASS = "StorageClass"
    IS_MULTIPART = "IsMultipartUploaded"
    REPLICATION_STATUS = "ReplicationStatus"
    ENCRYPTION = "EncryptionStatus"
    RETAIN_UNTIL = "ObjectLockRetainUntilDate"
    LOCK_MODE = "ObjectLockMode"
    LEGAL_HOLD = "ObjectLockLegalHoldStatus"
    ACCESS_TIER = "IntelligentTieringAccessTier"
    EXPIRATION = "LifecycleExpirationDate"

    OBJECT_TAGS = "ObjectTags"
    """None of S3's: `team=a&state=done`, URL-encoded, as the header `x-amz-tagging` has them."""

    UPLOAD_ID = "UploadId"
    """None of S3's. A row that has one is an incomplete multipart upload: its size is that of the
    parts that were sent, its date the one on which it was begun.
    """


ALWAYS: Final = (Field.BUCKET, Field.KEY)
ALWAYS_OF_VERSIONS: Final = (
    *ALWAYS,
    Field.VERSION_ID,
    Field.IS_LATEST,
    Field.IS_DELETE_MARKER,
)
"""What S3 lists of current objects, or of all versions, whatever else is chosen."""

OURS: Final = (Field.OBJECT_TAGS, Field.UPLOAD_ID)
CHOSEN: Final = tuple(each for each in Field if each not in (*ALWAYS_OF_VERSIONS, *OURS))
"""Those that can be chosen of S3's, in its order."""

LISTED: Final = (Field.SIZE, Field.LAST_MODIFIED, Field.ETAG, Field.STORAGE_CLASS)
"""Of these, what a list of a bucket tells."""

OF_CURRENT_OBJECTS: Final = (*ALWAYS, *LISTED)
OF_ALL_VERSIONS: Final = (*ALWAYS_OF_VERSIONS, *LISTED)


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """An object version, a delete marker or an incomplete upload. None is a cell left empty, and
    so is the null version's ID.
    """

    key: str
    last_modified: datetime
    size: int | None = None
    version_id: str | None = None
    is_latest: bool | None = None
    is_delete_marker: bool | None = None
    etag: str | None = None
    storage_class: str | None = None
    is_multipart: bool | None = None
    replication_status: str | None = None
    encryption: str | None = None
    retain_until: datetime | None = None
    lock_mode: str | None = None
    legal_hold: str | None = None
    access_tier: str | None = None
    expiration: datetime | None = None
    tags: tuple[tuple[str, str], ...] = ()
    upload_id: str | None = None
