"""What S3 tells of one object: its day of expiry, and the facts by which that day is expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from firnline.fleet.accounts import NoAccess, requesting
from firnline.fleet.expiry.expected_day import StoredFacts, needs_tags
from firnline.fleet.expiry.told_day import UnreadableDay, told_day
from firnline.fleet.expiry.verdicts import WrittenRules
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import ReplicationStatus

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

READ_OBJECT: Final = "s3:GetObject"
READ_TAGS: Final = "s3:GetObjectTagging"
_GONE: Final = ("404", "NoSuchKey")
_UNREADABLE: Final = ("400", "405")
"""Without the key of its owner (SSE-C) an object cannot be read; a delete marker not at all. As an
answer to a HEAD has no body, 400 may as well be a token that has expired."""


@dataclass(frozen=True, slots=True)
class Told:
    facts: StoredFacts
    day: date | None


@dataclass(frozen=True, slots=True)
class Untold:
    """`why` S3 tells nothing of the object; `refused` is its answer where it refuses to."""

    why: str
    refused: NoAccess | None = None


def ask_day(client: S3Client, written: WrittenRules, key: str) -> Told | Untold:
    """By a HEAD, and a read of the tags where they decide and may be read. Raises `NoAccess` where
    it is not about the object alone.
    """
    bucket, account = written.bucket.name, written.bucket.account.id.value
    try:
        with requesting(account, READ_OBJECT):
            head: Mapping[str, Any] = client.head_object(Bucket=bucket, Key=key)
    except NoAccess as why:
        if why.code in _GONE:
            return Untold("it is gone since it was listed")
        if why.denied or why.code in _UNREADABLE:
            return Untold(f"S3 refuses to tell of it: {why.reason}", why)
        raise
    try:
        item, day = _item(key, head), told_day(head.get("Expiration"))
    except UnreadableDay as problem:
        return Untold(f"its header x-amz-expiration cannot be read: {problem}")
    except ValueError as problem:
        return Untold(f"its replication status is not known: {problem}")
    rules = [written.rules, *([written.before] if written.before else [])]
    if not any(needs_tags(each, written.state, item) for each in rules):
        return Told(StoredFacts(item), day)
    try:
        with requesting(account, READ_TAGS):
            found = client.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
    except NoAccess as why:
        if not why.denied:
            raise
        return Told(StoredFacts(item, knows_tags=False), day)
    known = replace(item, tags=tuple(sorted((tag["Key"], tag["Value"]) for tag in found)))
    return Told(StoredFacts(known), day)


def _item(key: str, head: Mapping[str, Any]) -> StoredItem:
    """Raises `ValueError`."""
    status = head.get("ReplicationStatus")
    return StoredItem(
        key,
        head["LastModified"],
        head["ContentLength"],
        head.get("StorageClass", "STANDARD"),
        replication=ReplicationStatus.of(status) if status else None,
    )
