"""What is to be listed of a bucket, and how far a part of it got."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from firnline.inventory.writer.row import OF_ALL_VERSIONS, OF_CURRENT_OBJECTS, Field


@dataclass(frozen=True, slots=True)
class ListingRequest:
    """`versions`: noncurrent versions and delete markers too. `uploads`: incomplete multipart
    uploads. `tags`: those of each object, at the price of one request for each.
    """

    bucket: str
    versions: bool = False
    uploads: bool = False
    tags: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        return (
            *(OF_ALL_VERSIONS if self.versions else OF_CURRENT_OBJECTS),
            *((Field.OBJECT_TAGS,) if self.tags else ()),
            *((Field.UPLOAD_ID,) if self.uploads else ()),
        )


class Listed(StrEnum):
    OBJECTS = "objects"
    VERSIONS = "versions"
    UPLOADS = "uploads"


@dataclass(frozen=True, slots=True)
class Marker:
    """S3 goes on after this key or, with an ID, after this version or upload of it."""

    key: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class KeyRange:
    """The keys after `after`, up to and including `until`; without an end where that is None.

    The ranges of a listing meet without gap or overlap, whatever keys come and go meanwhile.
    """

    listed: Listed
    after: str = ""
    until: str | None = None

    def contains(self, key: str) -> bool:
        """S3 sorts keys by their bytes in UTF-8, which is the order of Python's strings."""
        return self.after < key and not self.is_before(key)

    def is_before(self, key: str) -> bool:
        return self.until is not None and key > self.until
