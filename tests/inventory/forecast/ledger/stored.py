"""The ledger's bucket: its keys with all their versions, its uploads and its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Rule = Mapping[str, Any]
"""A lifecycle rule in boto3's shape; dates are moments."""


@dataclass(frozen=True)
class Version:
    """An object version, or a delete marker. `null` has no version ID of its own.

    `in_class_since` is when it came into its class, by default when it was created.
    """

    created: datetime
    size: int = 0
    storage_class: str = "STANDARD"
    tags: Mapping[str, str] = field(default_factory=dict)
    marker: bool = False
    null: bool = False
    in_class_since: datetime | None = None
    locked_until: datetime | None = None
    awaits_replication: bool = False


@dataclass(frozen=True)
class Key:
    """The versions of a key, the oldest first; the last one is current. `times`: keys like this."""

    name: str
    versions: tuple[Version, ...]
    times: int = 1


@dataclass(frozen=True)
class Upload:
    """An incomplete multipart upload; `size` is that of its parts, billed as STANDARD."""

    key: str
    initiated: datetime
    size: int = 0
    times: int = 1


@dataclass(frozen=True)
class World:
    """A bucket at a moment. `versioning` is as S3 says it: Enabled, Suspended, or nothing."""

    as_of: datetime
    keys: tuple[Key, ...] = ()
    uploads: tuple[Upload, ...] = ()
    rules: tuple[Rule, ...] = ()
    versioning: str = ""
    minimum_size: str = "all_storage_classes_128K"
