"""The terms of S3 that all else is built on: storage class, versioning, days, sizes, clocks."""

from __future__ import annotations

from datetime import date
from enum import Enum, StrEnum
from typing import NewType

StorageClass = NewType("StorageClass", str)


class Versioning(Enum):
    """Of a bucket; `OFF` has never been versioned."""

    ENABLED = "enabled"
    SUSPENDED = "suspended"
    OFF = "off"

    @classmethod
    def of_status(cls, status: str | None) -> Versioning:
        """As S3 says it; no status where versioning was never on (S3 API, GetBucketVersioning)."""
        return cls.OFF if status is None else cls(status.lower())

    @property
    def status(self) -> str | None:
        """As S3 says it."""
        return None if self is Versioning.OFF else self.value.capitalize()


class RuleStatus(StrEnum):
    """Of a lifecycle rule (S3 API, LifecycleRule)."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"


class MfaDelete(StrEnum):
    """Of a bucket, beside its versioning (S3 API, GetBucketVersioning)."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"


class BucketType(Enum):
    """S3 User Guide, "Bucket types", as far as they have a lifecycle of objects."""

    GENERAL_PURPOSE = "general-purpose"
    DIRECTORY = "directory"

    @classmethod
    def of_name(cls, bucket: str) -> BucketType:
        """S3 User Guide, "Directory bucket naming rules": only their names have this suffix."""
        return cls.DIRECTORY if bucket.endswith("--x-s3") else cls.GENERAL_PURPOSE


class Partition(StrEnum):
    """The partitions of AWS that we have facts about (AWS General Reference, Amazon Resource
    Names).
    """

    AWS = "aws"
    CHINA = "aws-cn"
    GOVCLOUD = "aws-us-gov"

    @classmethod
    def called(cls, name: str) -> Partition:
        """A partition that we have no facts about counts as `aws`."""
        return cls(name) if name in tuple(cls) else cls.AWS

    @classmethod
    def of_region(cls, region: str) -> Partition:
        if region.startswith("cn-"):
            return cls.CHINA
        return cls.GOVCLOUD if region.startswith("us-gov-") else cls.AWS


class ReplicationStatus(StrEnum):
    """Of an object (S3 User Guide, "Getting replication status information")."""

    PENDING = "PENDING"
    FAILED = "FAILED"
    COMPLETED = "COMPLETED"
    REPLICA = "REPLICA"

    @classmethod
    def of(cls, said: str) -> ReplicationStatus:
        """Whatever the case; HeadObject also says `COMPLETE`. Raises ValueError."""
        word = said.upper()
        found = cls.COMPLETED if word == "COMPLETE" else cls.__members__.get(word)
        if found is None:
            raise ValueError(f"{said!r} is none of {', '.join(cls)}")
        return found

    @property
    def keeps_lifecycle_off(self) -> bool:
        """What is still to be replicated, or could not be, is neither expired nor moved (S3 User
        Guide, "Lifecycle and other bucket configurations")."""
        return self in (ReplicationStatus.PENDING, ReplicationStatus.FAILED)


class RetentionMode(StrEnum):
    """Of Object Lock. Lifecycle overrides neither (S3 User Guide, "Managing Object Lock")."""

    GOVERNANCE = "GOVERNANCE"
    COMPLIANCE = "COMPLIANCE"


class ObjectLock(StrEnum):
    """Of a bucket, in lock files and in what `resolve` prints."""

    ENABLED = "enabled"
    OFF = "off"

    @classmethod
    def of(cls, on: bool) -> ObjectLock:
        return cls.ENABLED if on else cls.OFF


class LegalHold(StrEnum):
    """Of Object Lock, on one version (S3 API, ObjectLockLegalHold)."""

    ON = "ON"
    OFF = "OFF"


class AccessTier(StrEnum):
    """The tiers inside INTELLIGENT_TIERING, as S3 Inventory and HeadObject write them."""

    FREQUENT = "FREQUENT"
    INFREQUENT = "INFREQUENT"
    ARCHIVE_INSTANT = "ARCHIVE_INSTANT_ACCESS"
    ARCHIVE = "ARCHIVE_ACCESS"
    DEEP_ARCHIVE = "DEEP_ARCHIVE_ACCESS"

    @classmethod
    def of(cls, said: str) -> AccessTier:
        """Whatever the spelling, `Archive Instant Access` too. Raises ValueError."""
        word = said.upper().replace("-", "_").replace(" ", "_").removesuffix("_ACCESS")
        found = cls.__members__.get(word)
        if found is None:
            raise ValueError(f"{said!r} is none of {', '.join(cls)}")
        return found


class Clock(StrEnum):
    """What a lifecycle rule counts days for. Ordered, as actions are sorted by it."""

    OBJECTS = "objects"
    NONCURRENT_VERSIONS = "noncurrent versions"
    DELETE_MARKERS = "delete markers"
    MULTIPART_UPLOADS = "incomplete multipart uploads"


class Days(int):
    """A number of days; prints as it would be written in a policy."""

    def __str__(self) -> str:
        return f"{int(self)}d"

    __repr__ = __str__


When = Days | date
"""An age in days, or a date from which on an action applies to every object."""


def freed_at(expires: When, old_versions_end: int) -> Days | None:
    """At which age an object's bytes are freed where versions are kept: it expires first, and ends
    as a noncurrent version so many days later. None where it expires on a date: then ages differ.
    """
    return None if isinstance(expires, date) else Days(expires + old_versions_end)


SIZE_UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


class Bytes(int):
    """A size in bytes; prints as it would be written in a policy."""

    def __str__(self) -> str:
        for unit in ("TiB", "GiB", "MiB", "KiB"):
            if self and self % SIZE_UNITS[unit] == 0:
                return f"{self // SIZE_UNITS[unit]}{unit}"
        return f"{int(self)}B"

    __repr__ = __str__

    @property
    def rounded(self) -> str:
        """For reading, as a sum of many: `1.4TiB`, `830GiB`."""
        size, unit = float(self), "B"
        for larger in ("KiB", "MiB", "GiB", "TiB", "PiB"):
            if size < 1000:
                break
            size, unit = size / 1024, larger
        digits = f"{size:,.0f}" if size >= 100 else f"{size:.1f}".removesuffix(".0")
        return f"{digits}{unit}"
