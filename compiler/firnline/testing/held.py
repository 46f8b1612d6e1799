"""What lies in moto's buckets, and under which rules? As plain values, for a plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, FakeMultipart, s3_backends

from firnline.s3.model import RuleSet
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import Versioning
from firnline.testing.advance import NULL, Held, HeldBucket, Stack, stacked
from firnline.testing.clock import LAST
from firnline.testing.lifecycle_rules import rules_of
from firnline.testing.lifecycle_store import LifecycleStore
from firnline.testing.moto_process import PARTITION, find_bucket, initiated


def all_buckets() -> list[FakeBucket]:
    """Of every account, by name."""
    found = (find_bucket(name) for name in sorted(s3_backends.bucket_accounts))
    return [bucket for bucket in found if bucket is not None]


def held_bucket(bucket: FakeBucket, lifecycles: LifecycleStore, now: datetime) -> HeldBucket:
    """Raises `UnreadableRules` where the rules are none that S3 would have."""
    configuration = lifecycles.current(bucket.name)
    rules = rules_of(bucket.name, configuration) if configuration else RuleSet(())
    state = BucketState(Versioning.of_status(bucket.versioning_status))
    stacks = (*_keys(bucket), *_uploads(bucket, now))
    return HeldBucket(bucket.account_id, bucket.name, state, rules, stacks)


def created(version: FakeKey | FakeDeleteMarker) -> datetime:
    """Last-Modified, to the second that S3 tells."""
    return version.last_modified.replace(microsecond=0, tzinfo=UTC)


def _keys(bucket: FakeBucket) -> Iterator[Stack]:
    for _, versions in bucket.keys.lists():
        yield stacked(_held(bucket, version) for version in versions)


def _held(bucket: FakeBucket, version: FakeKey | FakeDeleteMarker) -> Held:
    id = version.version_id
    if isinstance(version, FakeDeleteMarker):
        marker = StoredItem(
            version.name,
            created(version),
            kind=ItemKind.DELETE_MARKER,
            null_version=id == NULL,
        )
        return Held(id, marker)
    tagger = s3_backends[bucket.account_id][PARTITION].tagger
    tags = tagger.get_tag_dict_for_resource(version.arn)
    item = StoredItem(
        version.name,
        created(version),
        version.size,
        version.storage_class or "STANDARD",
        tuple(sorted((key, value or "") for key, value in tags.items())),
        null_version=id == NULL,
        retain_until=_retained(version),
        legal_hold=version.lock_legal_status == "ON",
    )
    return Held(id, item, version.size)


def _retained(version: FakeKey) -> datetime | None:
    if version.lock_mode not in ("GOVERNANCE", "COMPLIANCE") or not version.lock_until:
        return None
    until = datetime.fromisoformat(version.lock_until)
    # People lock for ever by the year 9999, which leaves no room to reckon; the clock ends before.
    return min(until if until.tzinfo else until.replace(tzinfo=UTC), LAST + timedelta(days=1))


def _uploads(bucket: FakeBucket, now: datetime) -> Iterator[Stack]:
    upload: FakeMultipart
    for upload in list(bucket.multiparts.values()):
        began = initiated(upload, now).replace(microsecond=0)
        item = StoredItem(upload.key_name, began, kind=ItemKind.MULTIPART_UPLOAD)
        yield (Held(upload.id, item, sum(part.size for part in upload.parts.values())),)
