"""The content of a file of expectations: objects, and what S3 has done with them by some age."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from firnline.diagnostics.position import Span
from firnline.language.said import Said
from firnline.s3.simulate.stored import ItemKind
from firnline.s3.terms import Bytes, Days, StorageClass


class Fate(StrEnum):
    """Deleted is what cannot be read by its key any more; its bytes may stay as a noncurrent
    version until they are gone.
    """

    KEPT = "kept"
    DELETED = "deleted"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Expected:
    """At an age, `written` as it is in the file; a `storage_class` is expected only of what is
    kept.
    """

    span: Span
    written: str
    age: Days
    fate: Fate
    storage_class: StorageClass | None = None

    def __str__(self) -> str:
        return f"{self.written} {self.storage_class or self.fate.value}"


@dataclass(frozen=True, slots=True)
class Case:
    """One item, in every bucket that fits; no names are all. From `overwritten_at` on it is a
    noncurrent version, and ages count from then.
    """

    span: Span
    name: Said[str]
    accounts: tuple[Said[str], ...]
    buckets: tuple[Said[str], ...]
    key: Said[str]
    expected: tuple[Expected, ...]
    why: str = ""
    size: Said[Bytes] | None = None
    tags: tuple[tuple[Said[str], Said[str]], ...] = ()
    storage_class: Said[StorageClass] | None = None
    item: ItemKind = ItemKind.OBJECT_VERSION
    overwritten_at: Said[Days] | None = None
    newer_versions: Said[int] | None = None
