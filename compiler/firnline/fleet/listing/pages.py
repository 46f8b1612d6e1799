"""One request for a page of a bucket's objects, versions or uploads → rows of an inventory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_plus

from firnline.fleet.listing.request import Listed, Marker
from firnline.fleet.live import clock_of
from firnline.inventory.writer.row import InventoryRow

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PAGES_OF_PREFIXES: Final = 5


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is where the next page begins; None after the last."""

    rows: tuple[InventoryRow, ...]
    next: Marker | None


@dataclass(frozen=True, slots=True)
class FirstLook:
    """`now` is the time of S3, which dates objects too; the clock of this machine may be wrong."""

    now: datetime
    more_than_a_page: bool


PERMISSIONS: Final = {
    Listed.OBJECTS: "s3:ListBucket",
    Listed.VERSIONS: "s3:ListBucketVersions",
    Listed.UPLOADS: "s3:ListBucketMultipartUploads",
}


def page_of(client: S3Client, bucket: str, listed: Listed, start: Marker) -> Page:
    """Raises what boto3 raises."""
    return _PAGES[listed](client, bucket, start)


def first_look(client: S3Client, bucket: str, listed: Listed) -> FirstLook:
    """Raises what boto3 raises, such as NoSuchBucket."""
    operation: Any = {
        Listed.OBJECTS: client.list_objects_v2,
        Listed.VERSIONS: client.list_object_versions,
        Listed.UPLOADS: client.list_multipart_uploads,
    }[listed]
    answer = operation(Bucket=bucket)
    return FirstLook(clock_of(answer), answer["IsTruncated"])


def prefixes_below(client: S3Client, bucket: str, listed: Listed, prefix: str) -> list[str]:
    """The common prefixes of the next level, up to slashes, as far as a few requests tell."""
    operation: Any = "list_object_versions" if listed is Listed.VERSIONS else "list_objects_v2"
    pages = client.get_paginator(operation).paginate(Bucket=bucket, Prefix=prefix, Delimiter="/")
    found: list[str] = []
    for page, _ in zip(pages, range(_PAGES_OF_PREFIXES), strict=False):
        found += [each["Prefix"] for each in page.get("CommonPrefixes", ())]
        if "Contents" in page or "Versions" in page:
            break  # Where keys lie between the prefixes, there may be millions of them.
    return found


def _objects(client: S3Client, bucket: str, start: Marker) -> Page:
    """A page may be empty and not the last, so its token says where the next begins."""
    begin = {"ContinuationToken": start.id} if start.id else {"StartAfter": start.key}
    answer = client.list_objects_v2(Bucket=bucket, **_said(begin))
    rows = tuple(_object(each) for each in answer.get("Contents", ()))
    if not answer["IsTruncated"]:
        return Page(rows, None)
    last = rows[-1].key if rows else start.key
    return Page(rows, Marker(last, answer["NextContinuationToken"]))


def _versions(client: S3Client, bucket: str, start: Marker) -> Page:
    begin = {"KeyMarker": start.key, "VersionIdMarker": start.id}
    answer = client.list_object_versions(Bucket=bucket, **_said(begin))
    rows = (
        *(_version(each) for each in answer.get("Versions", ())),
        *(_marker(each) for each in answer.get("DeleteMarkers", ())),
    )
    if not answer["IsTruncated"]:
        return Page(rows, None)
    return Page(rows, Marker(answer["NextKeyMarker"], answer.get("NextVersionIdMarker", "")))


def _uploads(client: S3Client, bucket: str, start: Marker) -> Page:
    begin = {"KeyMarker": start.key, "UploadIdMarker": start.id}
    answer = client.list_multipart_uploads(Bucket=bucket, EncodingType="url", **_said(begin))
    # boto3 decodes the keys of the two other lists by itself, but not of this one.
    decoded = unquote_plus if answer.get("EncodingType") == "url" else str
    rows = tuple(_upload(each, decoded(each["Key"])) for each in answer.get("Uploads", ()))
    if not answer["IsTruncated"]:
        return Page(rows, None)
    return Page(rows, Marker(decoded(answer["NextKeyMarker"]), answer["NextUploadIdMarker"]))


_PAGES: Final[dict[Listed, Callable[[S3Client, str, Marker], Page]]] = {
    Listed.OBJECTS: _objects,
    Listed.VERSIONS: _versions,
    Listed.UPLOADS: _uploads,
}


def _said(parameters: Mapping[str, str]) -> dict[str, Any]:
    """S3's documentation does not say what an empty marker is."""
    return {name: value for name, value in parameters.items() if value}


def _object(said: Mapping[str, Any]) -> InventoryRow:
    return InventoryRow(
        key=said["Key"],
        last_modified=said["LastModified"],
        size=said["Size"],
        etag=said["ETag"].strip('"'),
        storage_class=said.get("StorageClass", "STANDARD"),
    )


def _version(said: Mapping[str, Any]) -> InventoryRow:
    return replace(
        _object(said),
        version_id=_id(said),
        is_latest=said["IsLatest"],
        is_delete_marker=False,
    )


def _marker(said: Mapping[str, Any]) -> InventoryRow:
    return InventoryRow(
        key=said["Key"],
        last_modified=said["LastModified"],
        version_id=_id(said),
        is_latest=said["IsLatest"],
        is_delete_marker=True,
    )


def _upload(said: Mapping[str, Any], key: str) -> InventoryRow:
    """Without the bytes of its parts, which only another request tells."""
    return InventoryRow(
        key=key,
        last_modified=said["Initiated"],
        storage_class=said.get("StorageClass", "STANDARD"),
        upload_id=said["UploadId"],
    )


def _id(said: Mapping[str, Any]) -> str | None:
    """An inventory leaves that of the null version empty."""
    return None if said["VersionId"] == "null" else str(said["VersionId"])
