"""What do moto's buckets hold, and under which rules? As plain values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, FakeMultipart, s3_backends

from firnline.s3.model import RuleSet
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import LegalHold, RetentionMode
from firnline.testing.emulated_clock import LAST
from firnline.testing.lifecycle_rules import rules_of
from firnline.testing.lifecycle_store import LifecycleStore
from firnline.testing.moto_process import PARTITION, find_bucket, initiated, versioning_of
from firnline.testing.plan_advance import (
    NULL,
    BucketContents,
    IdentifiedItem,
    KeyVersions,
    key_versions,
)


def all_buckets() -> list[FakeBucket]:
    """Of every account, by name."""
    found = (find_bucket(name) for name in sorted(s3_backends.bucket_accounts))
    return [bucket for bucket in found if bucket is not None]


def contents_of(bucket: FakeBucket, lifecycles: LifecycleStore, now: datetime) -> BucketContents:
    """Raises `UnreadableRules` where S3 would not have accepted the rules."""
    configuration = lifecycles.current(bucket.name)
    rules = rules_of(bucket.name, configuration) if configuration else RuleSet(())
    state = BucketState(versioning_of(bucket))
    keys = (*_keys(bucket), *_uploads(bucket, now))
    return BucketContents(bucket.account_id, bucket.name, state, rules, keys)


def current_item(bucket: FakeBucket, key: str) -> StoredItem | None:
    """The current version of a key, if that is data."""
    versions = bucket.keys.getlist(key) or []
    if not versions or isinstance(versions[-1], FakeDeleteMarker):
        return None
    return item_of(bucket, versions[-1])


def item_of(bucket: FakeBucket, version: FakeKey) -> StoredItem:
    """A version as if it was the current one."""
    return _identified(bucket, version).item


def created(version: FakeKey | FakeDeleteMarker) -> datetime:
    """Last-Modified, to the second, as S3 reports it."""
    return version.last_modified.replace(microsecond=0, tzinfo=UTC)


def _keys(bucket: FakeBucket) -> Iterator[KeyVersions]:
    for _, versions in bucket.keys.lists():
        yield key_versions(_identified(bucket, version) for version in versions)


def _identified(bucket: FakeBucket, version: FakeKey | FakeDeleteMarker) -> IdentifiedItem:
    id = version.version_id
    if isinstance(version, FakeDeleteMarker):
        marker = StoredItem(
            version.name,
            created(version),
            kind=ItemKind.DELETE_MARKER,
            null_version=id == NULL,
        )
        return IdentifiedItem(id, marker)
    tagger = s3_backends[bucket.account_id][PARTITION].tagger
    tags = tagger.get_tag_dict_for_resource(version.arn)
    item = StoredItem(
        version.name,
        created(version),
        version.size,
        version.storage_class or "STANDARD",
        tuple(sorted((key, value or "") for key, value in tags.items())),
        null_version=id == NULL,
        retain_until=_retain_until(version),
        legal_hold=version.lock_legal_status == LegalHold.ON,
    )
    return IdentifiedItem(id, item, version.size)


def _retain_until(version: FakeKey) -> datetime | None:
    if version.lock_mode not in tuple(RetentionMode) or not version.lock_until:
        return None
    until = datetime.fromisoformat(version.lock_until)
    # The year 9999 stands for "for ever", and `datetime` cannot add to it; the clock ends before.
    return min(until if until.tzinfo else until.replace(tzinfo=UTC), LAST + timedelta(days=1))


def _uploads(bucket: FakeBucket, now: datetime) -> Iterator[KeyVersions]:
    upload: FakeMultipart
    for upload in list(bucket.multiparts.values()):
        began = initiated(upload, now).replace(microsecond=0)
        item = StoredItem(upload.key_name, began, kind=ItemKind.MULTIPART_UPLOAD)
        yield (IdentifiedItem(upload.id, item, sum(part.size for part in upload.parts.values())),)
