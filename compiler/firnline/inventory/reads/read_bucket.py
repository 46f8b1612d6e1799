"""What is known of the reads of a bucket, or of what is below a prefix of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from firnline.inventory.reads.known import Known


@dataclass(frozen=True, slots=True)
class ReadBucket:
    """`requests` are all of the logs; `by_s3` those that S3 itself made, which are no reads."""

    bucket: str
    known: Known
    requests: int
    reads: int
    bytes: int
    by_s3: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Lines or records of a file that could not be read; `sample` is the beginning of one."""

    file: str
    lines: int
    sample: str


class ReadBelow(NamedTuple):
    """Of all keys that begin with a prefix: `last` is also of what only asked for metadata."""

    last: datetime | None = None
    reads: int = 0
    bytes: int = 0
    keys: int = 0
