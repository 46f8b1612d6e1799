"""What a line of a summary says: how much is stored of what S3 treats alike."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, StrEnum
from typing import NamedTuple

from firnline.inventory.forecast.volume import Volume


class RowKind(StrEnum):
    VERSION = "version"
    DELETE_MARKER = "delete_marker"
    UPLOAD = "upload"


class AgesBy(Enum):
    """How exactly a summary knows ages; weeks are counted back from its day, and four of them are
    four whole ones.
    The value is its name in the file.
    """

    DAY = "day"
    WEEK = "week"
    FOUR_WEEKS = "4 weeks"

    @property
    def days(self) -> int:
        return _DAYS[self]


_DAYS = {AgesBy.DAY: 1, AgesBy.WEEK: 7, AgesBy.FOUR_WEEKS: 28}


class Row(NamedTuple):
    """Items of which all this is the same; where two fields end with `first` and `last`, or with
    `least` and `most`, they have all values between.

    Days are counted from 1970, and are the midnights from which ages are counted. `prefix` is the
    longest of the summary's prefixes that their keys begin with. `tags` are their values of the
    summary's tag keys, None where their tags are not known. `since_first` and `since_last` are of
    noncurrent versions; None where nobody knows what made them noncurrent. `hidden` is the number
    of noncurrent versions behind a current delete marker, where versions of a key are kept
    together; else 1 for any.
    """

    prefix: str
    kind: RowKind
    storage_class: str | None
    access_tier: str | None
    is_latest: bool
    is_null: bool
    replication_status: str | None
    tags: tuple[str | None, ...] | None
    retained_until: int | None
    is_held: bool
    made_first: int
    made_last: int
    since_first: int | None
    since_last: int | None
    hidden: int
    newer_least: int
    newer_most: int
    size_least: int
    size_most: int
    objects: int
    bytes: int
    padded: int

    @property
    def volume(self) -> Volume:
        return Volume(self.objects, self.bytes, self.padded)

    def with_more(self, other: Row) -> Row:
        """Of both together; what has no range is the same in them."""
        return self._replace(
            made_first=min(self.made_first, other.made_first),
            made_last=max(self.made_last, other.made_last),
            since_first=_if_known(min, self.since_first, other.since_first),
            since_last=_if_known(max, self.since_last, other.since_last),
            newer_least=min(self.newer_least, other.newer_least),
            newer_most=max(self.newer_most, other.newer_most),
            size_least=min(self.size_least, other.size_least),
            size_most=max(self.size_most, other.size_most),
            objects=self.objects + other.objects,
            bytes=self.bytes + other.bytes,
            padded=self.padded + other.padded,
        )


def _if_known(chosen: Callable[[int, int], int], one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else chosen(one, other)


Stack = tuple[Row, ...]
"""The versions of as many keys, the oldest first; one row where they are not kept together."""
