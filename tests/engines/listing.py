"""What a server lists of a bucket, in terms of what the bucket held before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.engines.state import NEW_MARKER, Bucket, Remaining

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_STRANGE = "something strange"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a midnight left of each key; `markers` are the IDs of the markers that it made."""

    keys: dict[str, Remaining]
    markers: dict[str, Remaining]
    uploads: frozenset[str]

    @property
    def is_strange(self) -> bool:
        """Whether it shows what no midnight leaves: such a bucket cannot be played on."""
        return any(id.startswith(_STRANGE) for left in self.keys.values() for id in left)


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    is_marker: bool
    is_latest: bool


def list_bucket(client: S3Client, name: str, before: Bucket) -> Listing:
    listed = client.list_object_versions(Bucket=name)
    rows: dict[str, list[_Row]] = defaultdict(list)
    for version in listed.get("Versions", []):
        rows[version["Key"]].append(_Row(version["VersionId"], False, version["IsLatest"]))
    for marker in listed.get("DeleteMarkers", []):
        rows[marker["Key"]].append(_Row(marker["VersionId"], True, marker["IsLatest"]))
    keys, markers = {}, {}
    for key, found in rows.items():
        known = [version.id for version in before.keys.get(key, ())]
        keys[key], markers[key] = _left(known, found)
    uploads = client.list_multipart_uploads(Bucket=name).get("Uploads", [])
    return Listing(keys, markers, frozenset(upload["UploadId"] for upload in uploads))


def _left(known: Sequence[str], found: Sequence[_Row]) -> tuple[Remaining, Remaining]:
    """What is left of a key, `known` before the midnight, and the IDs of the markers it got.

    What a midnight cannot leave (an object that nobody wrote, a noncurrent version as the latest
    one) is left as words that nothing explains.
    """
    there = {row.id for row in found}
    new = [row for row in reversed(found) if row.id not in known]
    markers = tuple(row.id for row in new if row.is_marker)
    left = [id for id in known if id in there]
    strange = [f"{_STRANGE}, {row.id}" for row in new if not row.is_marker]
    latest = [row.id for row in found if row.is_latest]
    if latest != [*left, *markers][-1:]:
        strange.append(f"{_STRANGE}, as the latest: {latest}")
    return (*left, *(NEW_MARKER for _ in markers), *strange), markers
