"""Applies the planned lifecycle actions to moto's buckets, exactly as planned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import assert_never

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, s3_backends

from firnline.s3.simulate.stored import LifecycleAction
from firnline.testing.moto_process import PARTITION, find_bucket
from firnline.testing.plan_advance import NULL, LifecycleEvent

Version = FakeKey | FakeDeleteMarker


def run_advance(planned: Iterable[LifecycleEvent]) -> None:
    """In the order of the plan, which is by time."""
    for each in planned:
        bucket = find_bucket(each.bucket)
        assert bucket is not None, "no bucket is deleted between plan and run"
        _apply(each, bucket)


def _apply(each: LifecycleEvent, bucket: FakeBucket) -> None:
    match each.action:
        case LifecycleAction.TRANSITION:
            _find(bucket, each).set_storage_class(each.storage_class)
        case LifecycleAction.DELETE_MARKER:
            _add_delete_marker(bucket, each)
        case LifecycleAction.ABORT_UPLOAD:
            del bucket.multiparts[each.id]
        case (
            LifecycleAction.EXPIRE
            | LifecycleAction.DELETE_VERSION
            | LifecycleAction.REMOVE_DELETE_MARKER
        ):
            _remove(bucket, each.key, each.id)
        case LifecycleAction.NONE:
            raise AssertionError("an event is an action")
        case _:
            assert_never(each.action)


def _find(bucket: FakeBucket, each: LifecycleEvent) -> FakeKey:
    found = [one for one in bucket.keys.getlist(each.key) if one.version_id == each.id]
    assert len(found) == 1
    assert isinstance(found[0], FakeKey)
    return found[0]


def _add_delete_marker(bucket: FakeBucket, each: LifecycleEvent) -> None:
    newest: Version = bucket.keys[each.key]
    marker = FakeDeleteMarker(key=newest)  # type: ignore[arg-type]  # as moto itself hands markers
    assert each.marker is not None
    marker._version_id = each.marker
    midnight = each.at.astimezone(UTC).replace(tzinfo=None)
    # moto lists versions by their dates; S3 reports whole seconds.
    marker.last_modified = max(midnight, newest.last_modified + timedelta(microseconds=1))
    bucket.keys.setlist(each.key, [*bucket.keys.getlist(each.key), marker])
    if each.marker == NULL:
        _remove(bucket, each.key, NULL, but=marker)


def _remove(bucket: FakeBucket, key: str, id: str, but: Version | None = None) -> None:
    versions: list[Version] = bucket.keys.getlist(key)
    kept = [version for version in versions if version.version_id != id or version is but]
    for version in versions:
        if version not in kept and isinstance(version, FakeKey):
            # Otherwise a later object of that key and ID would inherit them.
            s3_backends[bucket.account_id][PARTITION].tagger.delete_all_tags_for_resource(
                version.arn
            )
    bucket.keys.setlist(key, kept)
    if not kept:
        bucket.keys.pop(key)
