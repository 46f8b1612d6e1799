"""What a midnight does to a bucket by Firnline's simulator: shares no code with the tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from firnline.s3.read_shape import read_rules
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import Versioning
from firnline.testing.plan_advance import (
    BucketContents,
    IdentifiedItem,
    LifecycleEvent,
    key_versions,
    plan_advance,
)
from tests.engines.state import NEW_MARKER, Bucket, Remaining, Version


def after_midnight(bucket: Bucket, at: datetime) -> tuple[dict[str, Remaining], frozenset[str]]:
    """What is left of each key, and the IDs of the uploads that are."""
    events = plan_advance([_contents(bucket)], at - timedelta(hours=1), at)
    done = {(each.key, each.id): each for each in events}
    left = {
        key: _left(versions, [done.get((key, version.id)) for version in versions])
        for key, versions in bucket.keys.items()
    }
    uploads = {id for id, upload in bucket.uploads.items() if (upload.key, id) not in done}
    return {key: ids for key, ids in left.items() if ids}, frozenset(uploads)


def _left(versions: Sequence[Version], done: Sequence[LifecycleEvent | None]) -> Remaining:
    kept = [
        version.id
        for version, each in zip(versions, done, strict=True)
        if each is None or not each.action.destroys
    ]
    made = [NEW_MARKER for each in done if each and each.action is LifecycleAction.DELETE_MARKER]
    return (*kept, *made)


def _contents(bucket: Bucket) -> BucketContents:
    versions = [
        key_versions(_version(key, version) for version in stack)
        for key, stack in bucket.keys.items()
    ]
    uploads = [
        (
            IdentifiedItem(
                id, StoredItem(upload.key, upload.created, kind=ItemKind.MULTIPART_UPLOAD)
            ),
        )
        for id, upload in bucket.uploads.items()
    ]
    state = BucketState(Versioning.ENABLED if bucket.versioned else Versioning.OFF)
    rules = read_rules(bucket.rules)
    return BucketContents("000000000000", "world", state, rules, (*versions, *uploads))


def _version(key: str, version: Version) -> IdentifiedItem:
    item = StoredItem(
        key,
        version.created,
        version.size,
        tags=version.tags,
        kind=ItemKind.DELETE_MARKER if version.is_marker else ItemKind.OBJECT_VERSION,
        null_version=version.id == "null",
    )
    return IdentifiedItem(version.id, item, version.size)
