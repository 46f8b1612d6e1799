"""What is stored under a key right now, with all that decides about its lifecycle?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from firnline.inventory.listing import Listing, read_answer
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import AccessTier, LegalHold, ReplicationStatus
from firnline.s3.timestamps import read_moment

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

READ_VERSIONS = "s3:ListBucketVersions"
READ_OBJECT = "s3:GetObject and s3:GetObjectTagging"


def read_versions(client: S3Client, bucket: str, key: str) -> Listing:
    """Every version and delete marker of the key; raises what boto3 raises."""
    found: dict[str, list[Mapping[str, Any]]] = {"Versions": [], "DeleteMarkers": []}
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        rows: list[Mapping[str, Any]] = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        found["Versions"] += [each for each in page.get("Versions", []) if each["Key"] == key]
        found["DeleteMarkers"] += [
            each for each in page.get("DeleteMarkers", []) if each["Key"] == key
        ]
        # Keys come in order, and the key itself before longer keys that begin with it.
        if rows and all(each["Key"] != key for each in rows):
            break
    return read_answer(found, f"s3://{bucket}/{key}")


def read_details(client: S3Client, bucket: str, item: StoredItem) -> StoredItem:
    """A current object with its tags, locks, replication and access tier."""
    if item.kind is not ItemKind.OBJECT_VERSION or not item.current:
        return item
    head: Mapping[str, Any] = client.head_object(Bucket=bucket, Key=item.key)
    tags = client.get_object_tagging(Bucket=bucket, Key=item.key)["TagSet"]
    until = head.get("ObjectLockRetainUntilDate")
    replicated = head.get("ReplicationStatus")
    archived = head.get("ArchiveStatus")  # only the two archive tiers are reported
    return replace(
        item,
        tags=tuple(sorted((tag["Key"], tag["Value"]) for tag in tags)),
        retain_until=read_moment(until) if until else None,
        legal_hold=head.get("ObjectLockLegalHoldStatus") == LegalHold.ON,
        replication=ReplicationStatus.of(replicated) if replicated else None,
        tier=AccessTier.of(archived) if archived else None,
    )
