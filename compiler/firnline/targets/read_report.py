"""What logs say of reads, by bucket and prefix: as the commands tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from firnline.inventory.reads.read_bucket import ReadBelow, ReadBucket, Unreadable


class ReadLine(NamedTuple):
    """All keys that begin with a prefix; `depth` is 0 for the whole bucket."""

    depth: int
    prefix: str
    found: ReadBelow


class BucketReads(NamedTuple):
    """The first of the lines is of the whole bucket."""

    bucket: ReadBucket
    lines: tuple[ReadLine, ...]


@dataclass(frozen=True, slots=True)
class ReadReport:
    """`facts` says in words what it stands on."""

    facts: str
    buckets: tuple[BucketReads, ...]
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def unreadable_lines(self) -> int:
        return sum(each.lines for each in self.unreadable)
