"""How is what is stored spread: over prefixes, ages, sizes, storage classes, versions, tags?"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from firnline.inventory.forecast.volume import Volume
from firnline.inventory.summary.rows import AgesBy, Row, RowKind
from firnline.inventory.summary.summary import BucketSummary
from firnline.s3.terms import Bytes


class By(StrEnum):
    """The value is its name in JSON and CSV."""

    VERSIONS = "versions"
    PREFIX = "prefix"
    AGE = "age"
    SIZE = "size"
    STORAGE_CLASS = "storage_class"
    NONCURRENT_AGE = "noncurrent_age"
    NEWER_VERSIONS = "newer_versions"
    TAG = "tag"


class Part(NamedTuple):
    """`depth` is how many of the parts before it are above it. Of prefixes, each is with all that
    is below it; all others sum up to the whole.
    """

    by: By
    name: str
    volume: Volume
    depth: int = 0


def breakdown(bucket: BucketSummary) -> Iterator[Part]:
    """Of object versions, except the first, which has all. What nothing is in is left out."""
    yield from _by(By.VERSIONS, bucket.rows, _kind, tuple(_KINDS.values()))
    versions = [row for row in bucket.rows if row.kind is RowKind.VERSION]
    old = [row for row in versions if not row.is_latest]
    yield from _prefixes(bucket, versions)
    ages = _Ages(bucket)
    yield from _by(By.AGE, versions, lambda row: ages.name(row.made_last), ages.names)
    sizes = [_between(*pair) for pair in pairwise((0, *bucket.cut.sizes, None))]
    yield from _by(
        By.SIZE,
        versions,
        lambda row: sizes[bisect_right(bucket.cut.sizes, row.size_least)],
        sizes,
    )
    classes = sorted({_class(row) for row in versions})
    yield from _by(By.STORAGE_CLASS, versions, _class, classes)
    yield from _by(
        By.NONCURRENT_AGE,
        old,
        lambda row: _NOT_KNOWN if row.since_last is None else ages.name(row.since_last),
        (*ages.names, _NOT_KNOWN),
    )
    counts = sorted({(row.newer_least, row.newer_most) for row in old})
    yield from _by(By.NEWER_VERSIONS, old, _newer, list(dict.fromkeys(_count(*c) for c in counts)))
    for place, key in enumerate(bucket.cut.tag_keys):
        named = {row: _tag(row, key, place) for row in versions}
        yield from _by(By.TAG, versions, named.__getitem__, sorted(set(named.values())))


_KINDS: Final = {
    (RowKind.VERSION, True): "current versions",
    (RowKind.VERSION, False): "noncurrent versions",
    (RowKind.DELETE_MARKER, True): "current delete markers",
    (RowKind.DELETE_MARKER, False): "noncurrent delete markers",
    (RowKind.UPLOAD, True): "incomplete uploads",
}
_NOT_KNOWN: Final = "not known"


def _by(
    by: By, rows: Iterable[Row], name: Callable[[Row], str], names: Sequence[str]
) -> Iterator[Part]:
    """In the order of `names`."""
    found: dict[str, Volume] = defaultdict(Volume)
    for row in rows:
        found[name(row)] = found[name(row)].plus(row.volume)
    yield from (Part(by, each, found[each]) for each in names if each in found)


def _kind(row: Row) -> str:
    return _KINDS[row.kind, row.is_latest]


def _class(row: Row) -> str:
    return " ".join(filter(None, (row.storage_class or "STANDARD", row.access_tier)))


def _newer(row: Row) -> str:
    return _count(row.newer_least, row.newer_most)


def _count(least: int, most: int) -> str:
    return f"{least}" if least == most else f"{least} to {most}"


def _tag(row: Row, key: str, place: int) -> str:
    if row.tags is None:
        return f"{key}: {_NOT_KNOWN}"
    value = row.tags[place]
    return f"{key}: none" if value is None else f"{key}={value}"


def _between(least: int | None, end: int | None) -> str:
    if end is None:
        return f"{Bytes(least or 0)} and more"
    return f"{Bytes(least)} to {Bytes(end)}" if least else f"under {Bytes(end)}"


class _Ages:
    """In steps that a summary by weeks tells apart."""

    def __init__(self, bucket: BucketSummary) -> None:
        self._today = bucket.day
        self._ends = _MONTHS if bucket.ages_by is AgesBy.DAY else _WEEKS
        self.names = [_days(*pair) for pair in pairwise((0, *self._ends, None))]

    def name(self, day: int) -> str:
        """Of the age of what was made on it."""
        return self.names[bisect_right(self._ends, self._today - day)]


_MONTHS: Final = (30, 90, 180, 360, 720)
_WEEKS: Final = (28, 84, 168, 364, 728)


def _days(least: int | None, end: int | None) -> str:
    if end is None:
        return f"{least} days and more"
    return f"{least} to {end - 1} days" if least else f"under {end} days"


def _prefixes(bucket: BucketSummary, versions: Sequence[Row]) -> Iterator[Part]:
    """The whole first; each is followed by those below it, the one of most bytes first."""
    found: dict[str, Volume] = defaultdict(Volume)
    for row in versions:
        found[row.prefix] = found[row.prefix].plus(row.volume)
    below: dict[str | None, list[str]] = defaultdict(list)
    for prefix in sorted(bucket.cut.prefixes, key=len, reverse=True):
        above = _above(prefix, bucket.cut.prefixes)
        below[above].append(prefix)
        if above is not None:
            found[above] = found[above].plus(found[prefix])
    yield from _branch("", 0, found, below)


def _above(prefix: str, prefixes: Sequence[str]) -> str | None:
    above = [each for each in prefixes if each != prefix and prefix.startswith(each)]
    return max(above, key=len, default=None)


def _branch(
    prefix: str,
    depth: int,
    found: dict[str, Volume],
    below: dict[str | None, list[str]],
) -> Iterator[Part]:
    yield Part(By.PREFIX, prefix, found[prefix], depth)
    for each in sorted(below[prefix], key=lambda name: (-found[name].bytes, name)):
        yield from _branch(each, depth + 1, found, below)
