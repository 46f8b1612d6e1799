"""ListObjectVersions as in S3: pages that begin after any key, and encoded keys.

moto skips a version where the marker is not the last key of a page, and sends control characters
that XML cannot hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey

from firnline.s3.xml_tree import Element, write_xml
from firnline.testing.aws_request import AwsRequest
from firnline.testing.responses import Response, s3_error, s3_response

_PAGE = 1_000  # the default and the most (S3 API, ListObjectVersions)
_Version = FakeKey | FakeDeleteMarker


@dataclass(frozen=True, slots=True)
class _Query:
    prefix: str
    delimiter: str
    key_marker: str
    version_marker: str
    most: int
    encoded: bool

    def spelt(self, key: str) -> str:
        """In XML keys cannot have all characters: boto3 always requests encoded ones."""
        return quote(key, safe="/") if self.encoded else key


def list_versions_response(request: AwsRequest, bucket: FakeBucket) -> Response:
    """The caller's access is decided before."""
    text = request.query.get("max-keys", str(_PAGE))
    if not (text.isascii() and text.isdigit()):
        details = (("ArgumentName", "max-keys"), ("ArgumentValue", text))
        message = "Provided max-keys not an integer or within integer range"
        return s3_error(400, "InvalidArgument", message, details)
    query = _Query(
        request.query.get("prefix", ""),
        request.query.get("delimiter", ""),
        request.query.get("key-marker", ""),
        request.query.get("version-id-marker", ""),
        min(int(text), _PAGE),
        request.query.get("encoding-type") == "url",
    )
    return s3_response(200, write_xml(_document(bucket, query)))


def _document(bucket: FakeBucket, query: _Query) -> Element:
    entries = _entries(bucket, query)
    shown = [entry for _, entry in zip(range(query.most), entries, strict=False)]
    truncated = bool(shown) and next(entries, None) is not None
    children = [
        Element("Name", bucket.name),
        Element("Prefix", query.spelt(query.prefix)),
        Element("KeyMarker", query.spelt(query.key_marker)),
        Element("VersionIdMarker", query.version_marker),
        Element("MaxKeys", str(query.most)),
        Element("IsTruncated", str(truncated).lower()),
        *([Element("EncodingType", "url")] if query.encoded else ()),
        *([Element("Delimiter", query.spelt(query.delimiter))] if query.delimiter else ()),
        *(_next(shown[-1], query) if truncated else ()),
        *(_element(entry, query) for entry in shown),
    ]
    return Element("ListVersionsResult", children=tuple(children))


@dataclass(frozen=True, slots=True)
class _Entry:
    """A version; a common prefix where there is none."""

    key: str
    version: _Version | None = None
    latest: bool = False


def _entries(bucket: FakeBucket, query: _Query) -> Iterator[_Entry]:
    """After the markers. A page that ended with a common prefix goes on after all of it."""
    last_prefix = ""
    for key in sorted(key for key, _ in bucket.keys.lists() if key.startswith(query.prefix)):
        common = _common_prefix(key, query)
        if common and common not in (last_prefix, query.key_marker):
            last_prefix = common
            if common > query.key_marker:
                yield _Entry(common)
        if not common and key >= query.key_marker:
            yield from _versions(bucket, key, query)


def _versions(bucket: FakeBucket, key: str, query: _Query) -> Iterator[_Entry]:
    """The newest first. A marker without a version goes on after all versions of the key."""
    newest_first = [
        _Entry(key, version, latest=number == 0)
        for number, version in enumerate(reversed(bucket.keys.getlist(key)))
    ]
    if key != query.key_marker:
        yield from newest_first
        return
    ids = [_id(each.version) for each in newest_first if each.version]
    if query.version_marker in ids:
        yield from newest_first[ids.index(query.version_marker) + 1 :]


def _common_prefix(key: str, query: _Query) -> str:
    rest = key[len(query.prefix) :]
    if not query.delimiter or query.delimiter not in rest:
        return ""
    return query.prefix + rest[: rest.index(query.delimiter) + len(query.delimiter)]


def _next(last: _Entry, query: _Query) -> Iterator[Element]:
    yield Element("NextKeyMarker", query.spelt(last.key))
    if last.version is not None:
        yield Element("NextVersionIdMarker", _id(last.version))


def _element(entry: _Entry, query: _Query) -> Element:
    key, version = query.spelt(entry.key), entry.version
    if version is None:
        return Element("CommonPrefixes", children=(Element("Prefix", key),))
    told = [
        Element("Key", key),
        Element("VersionId", _id(version)),
        Element("IsLatest", str(entry.latest).lower()),
        Element("LastModified", version.last_modified_ISO8601),
    ]
    if isinstance(version, FakeDeleteMarker):
        return Element("DeleteMarker", children=tuple(told))
    told += [
        Element("ETag", version.etag),
        Element("Size", str(version.size)),
        Element("StorageClass", version.storage_class or "STANDARD"),
    ]
    return Element("Version", children=tuple(told))


def _id(version: _Version) -> str:
    return str(version.version_id or "null")
