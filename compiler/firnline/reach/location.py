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
from typing import Final, assert_never
from urllib.parse import unquote


class LocationKind(StrEnum):
    """What a location covers: `exact` the object of that key; `dir` that object and all keys below
    `key/`; `rawprefix` all keys that begin with it, as `S3DataType: S3Prefix` of SageMaker does.
    """

    EXACT = "exact"
    DIR = "dir"
    RAW_PREFIX = "rawprefix"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """`key` is the text whose UTF-8 bytes S3 compares: Python orders texts as S3 does. A `dir` has
    no slash at its end; with an empty key it is the whole bucket.
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


class UnknownLocation(ValueError):
    """A text that means a location in S3, or an indirection to one, that cannot be told; or one of
    another store where S3 was expected. `why` is a clause in plain words.
    """

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f"`{text}` {why}")
        self.text = text
        self.why = why


def locations_of(text: str, kind: LocationKind = LocationKind.DIR) -> tuple[Location, ...]:
    """Every reading of a text that is one location, without duplicates, sorted; at least one.

    Raises `UnknownLocation` for whatever is no S3 location.
    """
    bucket, key = _bucket_and_key(text.strip())
    found = {Location(bucket, kind, _ended(each, kind)) for each in _readings(key)}
    for cut in _cut_at_marks(key):
        # Readers that take it for a URL cut the key here: what they mean is the folder above too.
        found |= {Location(bucket, kind, _ended(each, kind)) for each in _readings(cut)}
    return tuple(sorted(found))


def locations_in(text: str) -> tuple[Location, ...]:
    """Of every S3 location in free text, JSON or a command line; none is no error. Each is a `dir`,
    in all readings.
    """
    found: set[Location] = set()
    for match in _IN_TEXT.finditer(text):
        for spelling in _spellings(match[0]):
            try:
                found.update(locations_of(spelling))
            except UnknownLocation:
                continue
    return tuple(sorted(found))


_SCHEME: Final = re.compile(r"s3[an]?://", re.IGNORECASE)
_ARN: Final = re.compile(r"arn:aws[a-z-]*:s3:::(?P<bucket>[^/]+)/?(?P<key>.*)", re.DOTALL)
_BUCKET: Final = r"[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]"
_ENDPOINT: Final = r"s3(?:[.-](?:dualstack\.|fips\.)?[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?"
_VIRTUAL_HOST: Final = re.compile(
    rf"https?://(?P<bucket>{_BUCKET})\.{_ENDPOINT}(?::\d+)?(?:/(?P<key>.*))?", re.DOTALL
)
_PATH_STYLE: Final = re.compile(
    rf"https?://{_ENDPOINT}(?::\d+)?/(?P<bucket>{_BUCKET})(?:/(?P<key>.*))?", re.DOTALL
)
_IN_TEXT: Final = re.compile(
    r"(?:s3[an]?://|https?://[^\s/]*amazonaws\.com|arn:aws[a-z-]*:s3:::)[^\s\"'<>`|\\^{}]+",
    re.IGNORECASE,
)
_TRAILING: Final = ".,;:!)]"


def _bucket_and_key(text: str) -> tuple[str, str]:
    if _SCHEME.match(text):
        bucket, _, key = text[text.index("//") + 2 :].partition("/")
        return _checked(text, bucket), key
    for form in (_ARN, _VIRTUAL_HOST, _PATH_STYLE):
        if found := form.fullmatch(text):
            return _checked(text, found["bucket"]), found["key"] or ""
    scheme = text.partition(":")[0].lower() if ":" in text else ""
    raise UnknownLocation(text, f"has the scheme `{scheme}`" if scheme else "is no S3 location")


def _checked(text: str, bucket: str) -> str:
    if bucket.endswith("-s3alias") or bucket.startswith("arn:"):
        raise UnknownLocation(text, "goes through an access point: name the bucket behind it")
    if not bucket:
        raise UnknownLocation(text, "names no bucket")
    return bucket


def _readings(key: str) -> Iterator[str]:
    for decoded in {key, unquote(key)}:
        for form in ("NFC", "NFD"):
            for spelt in {decoded, unicodedata.normalize(form, decoded)}:
                yield spelt
                yield re.sub("/{2,}", "/", spelt)
                yield re.sub("/{2,}", "/", spelt).lstrip("/")


def _cut_at_marks(key: str) -> Iterator[str]:
    for mark in "#?":
        if mark in key:
            yield key.partition(mark)[0].rpartition("/")[0]


def _ended(key: str, kind: LocationKind) -> str:
    """A folder may be written with its slash or without."""
    return key.rstrip("/") if kind is LocationKind.DIR else key


def _spellings(found: str) -> Iterator[str]:
    """What ends a sentence may be part of the key or not."""
    yield found
    if (bare := found.rstrip(_TRAILING)) != found:
        yield bare
