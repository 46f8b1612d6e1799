"""Does in moto exactly what a plan says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, s3_backends

from firnline.s3.simulate.stored import LifecycleAction
from firnline.testing.advance import NULL, Happened
from firnline.testing.moto_process import PARTITION, find_bucket

Version = FakeKey | FakeDeleteMarker


def run_advance(planned: Iterable[Happened]) -> None:
    """In the order of the plan, which is that of time."""
    for each in planned:
        bucket = find_bucket(each.bucket)
        assert bucket is not None, "nobody deletes a bucket between the plan and this"
        _do(each, bucket)


def _do(each: Happened, bucket: FakeBucket) -> None:
    match each.action:
        case LifecycleAction.TRANSITION:
            _find(bucket, each).set_storage_class(each.storage_class)
        case LifecycleAction.DELETE_MARKER:
            _put_marker(bucket, each)
        case LifecycleAction.ABORT_UPLOAD:
            del bucket.multiparts[each.id]
        case _:
            _remove(bucket, each.key, each.id)


def _find(bucket: FakeBucket, each: Happened) -> FakeKey:
    found = [one for one in bucket.keys.getlist(each.key) if one.version_id == each.id]
    assert len(found) == 1
    assert isinstance(found[0], FakeKey)
    return found[0]


def _put_marker(bucket: FakeBucket, each: Happened) -> None:
    newest: Version = bucket.keys[each.key]
    marker = FakeDeleteMarker(key=newest)  # type: ignore[arg-type]  # as moto itself hands markers
    assert each.marker is not None
    marker._version_id = each.marker
    midnight = each.at.astimezone(UTC).replace(tzinfo=None)
    # moto lists versions by their dates; S3 tells only the second.
    marker.last_modified = max(midnight, newest.last_modified + timedelta(microseconds=1))
    bucket.keys.setlist(each.key, [*bucket.keys.getlist(each.key), marker])
    if each.marker == NULL:
        _remove(bucket, each.key, NULL, but=marker)


def _remove(bucket: FakeBucket, key: str, id: str, but: Version | None = None) -> None:
    versions: list[Version] = bucket.keys.getlist(key)
    left = [version for version in versions if version.version_id != id or version is but]
    for version in versions:
        if version not in left and isinstance(version, FakeKey):
            # Else a later object of that key and ID would have them.
            s3_backends[bucket.account_id][PARTITION].tagger.delete_all_tags_for_resource(
                version.arn
            )
    bucket.keys.setlist(key, left)
    if not left:
        bucket.keys.pop(key)
