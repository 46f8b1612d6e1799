"""Text that a registry stores → the S3 locations that it may mean.

Registries spell one location in many ways, and percent-decode or cut it where S3 does not. So a
text stands for every reading of it: an additional reading can only protect more (invariant I13 of
docs/gc-safety.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from posixpath import normpath
from typing import Final, assert_never
from urllib.parse import unquote, unquote_plus

from firnline.reach.embedded_uris import spellings_in
from firnline.reach.uri_forms import (
    NO_ACCESS_POINTS,
    AccessPoints,
    UnknownBucket,
    UnknownLocation,
    buckets_and_keys,
)

__all__ = [
    "NO_ACCESS_POINTS",
    "AccessPoints",
    "Location",
    "LocationKind",
    "UnknownBucket",
    "UnknownLocation",
    "location_as_written",
    "locations_in",
    "locations_of",
]


class LocationKind(StrEnum):
    """What a location covers: `exact` the object of that key; `dir` that object and all keys below
    `key/`; `rawprefix` all keys that begin with it, as `S3DataType: S3Prefix` of SageMaker does.
    """

    EXACT = "exact"
    DIR = "dir"
    RAW_PREFIX = "rawprefix"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """`key` is the text whose UTF-8 bytes S3 compares: Python orders texts as S3 does. That of a
    `dir` is without the slash behind it; if it is empty, that is the whole bucket.
    """

    bucket: str
    kind: LocationKind
    key: str

    def covers(self, key: str) -> bool:
        """Whether it covers the object with this key in its bucket. The definition that every
        faster kernel is compared with.
        """
        match self.kind:
            case LocationKind.EXACT:
                return key == self.key
            case LocationKind.DIR:
                return not self.key or f"{key}/".startswith(f"{self.key}/")
            case LocationKind.RAW_PREFIX:
                return key.startswith(self.key)
            case _:
                assert_never(self.kind)

    def __str__(self) -> str:
        end = "/" if self.kind is LocationKind.DIR and self.key else ""
        return f"s3://{self.bucket}/{self.key}{end}"


def locations_of(
    text: str,
    kind: LocationKind = LocationKind.DIR,
    access_points: AccessPoints = NO_ACCESS_POINTS,
) -> tuple[Location, ...]:
    """Every reading of a text that is one location, without duplicates, sorted; at least one.

    Raises `UnknownLocation` for whatever is no S3 location, `UnknownBucket` for an access point
    that the mapping lacks.
    """
    found: set[Location] = set()
    for spelling in dict.fromkeys((text.strip(), text.lstrip())):
        for bucket, key in buckets_and_keys(spelling, access_points):
            _check_text(text, key)
            found |= {Location(bucket, kind, _ended(each, kind)) for each in _all_of(key, kind)}
    return tuple(sorted(found))


def location_as_written(text: str, kind: LocationKind = LocationKind.DIR) -> Location:
    """The one raw reading, for what is *not* needed: there, a further reading would endanger more.
    Raises `UnknownLocation`.
    """
    bucket, key = buckets_and_keys(text, NO_ACCESS_POINTS)[0]
    _check_text(text, key)
    if kind is LocationKind.DIR and key == "/":
        raise UnknownLocation(text, "is a folder without a name")
    # Of two slashes the first is part of the key: `a//` is less than `a/`.
    return Location(bucket, kind, key.removesuffix("/") if kind is LocationKind.DIR else key)


def locations_in(text: str, access_points: AccessPoints = NO_ACCESS_POINTS) -> tuple[Location, ...]:
    """Of every S3 location in free text, JSON or a command line; none is no error. Each is a `dir`,
    in all readings, and with all ends that it may have in the text.

    Raises `UnknownBucket` for an access point that the mapping lacks: what it names is needed, and
    nobody can tell where it is.
    """
    found: set[Location] = set()
    for spelling in dict.fromkeys(spellings_in(text)):
        try:
            found.update(locations_of(spelling, access_points=access_points))
        except UnknownBucket:
            raise
        except UnknownLocation:
            continue
    return tuple(sorted(found))


_SEGMENT: Final = r"[A-Za-z0-9_=@~,-][A-Za-z0-9_=@~,.-]*"
_PLAIN: Final = re.compile(rf"(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?")
"""A key that has one reading alone."""


def _check_text(text: str, key: str) -> None:
    try:
        key.encode()
    except UnicodeEncodeError:
        raise UnknownLocation(ascii(text), "is no UTF-8 text") from None


def _all_of(key: str, kind: LocationKind) -> set[str]:
    if _PLAIN.fullmatch(key):
        found = {key}
    else:
        found = set(_readings(key)) | set(_readings_of_url(key, kind))
        if key.strip("/"):
            # No reading makes a whole bucket of it, where that was not written.
            found = {each for each in found if each.strip("/")} | {key}
    if kind is LocationKind.EXACT:
        found |= {each.rstrip("/") for each in found if each.strip("/")}
    return found


def _readings_of_url(key: str, kind: LocationKind) -> Iterator[str]:
    """Readers that take it for a URL cut the key at a mark, and write into what remains."""
    for mark in "#?":
        cut, found, _ = key.partition(mark)
        if found:
            yield from _readings(cut)
            if kind is LocationKind.DIR:
                yield from _readings(cut.rpartition("/")[0])


def _readings(key: str) -> Iterator[str]:
    once = unquote(key)
    for decoded in {key, once, unquote(once), unquote_plus(key)}:
        for spelt in {decoded, *(unicodedata.normalize(form, decoded) for form in ("NFC", "NFD"))}:
            for slashes in {spelt, spelt.replace("\\", "/")}:
                yield from _as_paths(slashes)


def _as_paths(key: str) -> Iterator[str]:
    """As libraries of paths read it: without doubled slashes and dots."""
    single = re.sub("/{2,}", "/", key)
    yield from (key, single, key.lstrip("/"), single.lstrip("/"), _without_dots(single))


def _without_dots(key: str) -> str:
    end = "/" if key.endswith("/") else ""
    return normpath(f"/{key}").lstrip("/") + end


def _ended(key: str, kind: LocationKind) -> str:
    """A folder may be written with its slash or without."""
    return key.rstrip("/") if kind is LocationKind.DIR else key
