"""The words of S3 in which all else is said: storage class, versioning, days, sizes, clocks."""

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


class Clock(StrEnum):
    """What a lifecycle rule counts days for. Ordered, as actions are sorted by it."""

    OBJECTS = "objects"
    NONCURRENT_VERSIONS = "old versions"
    DELETE_MARKERS = "delete markers"
    MULTIPART_UPLOADS = "unfinished uploads"


class Days(int):
    """A number of days; prints as it would be written in a policy."""

    def __str__(self) -> str:
        return f"{int(self)}d"

    __repr__ = __str__


When = Days | date
"""An age in days, or a date from which on something holds for everything."""

SIZE_UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


class Bytes(int):
    """A size in bytes; prints as it would be written in a policy."""

    def __str__(self) -> str:
        for unit in ("TiB", "GiB", "MiB", "KiB"):
            if self and self % SIZE_UNITS[unit] == 0:
                return f"{self // SIZE_UNITS[unit]}{unit}"
        return f"{int(self)}B"

    __repr__ = __str__
