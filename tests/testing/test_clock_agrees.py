"""The clock, driven by the simulator, and a naive S3 written for the purpose do the same."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline import testing
from firnline.s3.read_shape import read_configuration
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import Versioning
from firnline.testing import seed
from firnline.testing.bucket_contents import contents_of
from firnline.testing.moto_process import find_bucket, set_initiated
from firnline.testing.plan_advance import (
    BucketContents,
    IdentifiedItem,
    KeyVersions,
    LifecycleEvent,
    key_versions,
    plan_advance,
)
from tests.testing.naive_world import NaiveWorld, Upload, Version
from tests.testing.random_worlds import NOW, World, worlds

ACCOUNT = "210987654321"
VERSIONING = {
    "": Versioning.OFF,
    "Enabled": Versioning.ENABLED,
    "Suspended": Versioning.SUSPENDED,
}


@settings(max_examples=250)
@given(worlds(), st.integers(1, 400))
def test_the_plan_is_what_happens_day_by_day(world: World, days: int) -> None:
    until = NOW + timedelta(days=days)
    world = world.without_deleted()
    planned = plan_advance([bucket_of(world)], NOW, until)
    naive = NaiveWorld(*copy.deepcopy(world))
    assert comparable(planned) == sorted(taken.as_tuple() for taken in naive.live(NOW, until))


@settings(max_examples=40)
@given(worlds(), st.integers(1, 200), st.integers(1, 200))
def test_what_is_done_to_objects_is_what_happens_day_by_day(
    world: World, days: int, more_days: int
) -> None:
    naive = NaiveWorld(*copy.deepcopy(world.without_deleted()))
    with testing.serve(started=NOW, judge=testing.accept_all) as aws:
        put(aws, world)
        planned = aws.plan_advance(days=days)
        first = aws.advance(days=days)
        assert first.events == planned
        second = aws.advance(days=more_days)
        until = NOW + timedelta(days=days + more_days)
        deeds = naive.live(NOW, until)
        assert comparable((*first.events, *second.events)) == sorted(
            taken.as_tuple() for taken in deeds
        )
        assert stored_in(aws) == remaining_in(naive)


def comparable(events: tuple[LifecycleEvent, ...]) -> list[tuple[Any, ...]]:
    """As the naive world tells it: a marker by the midnight that made it."""
    made = {(each.key, each.marker): f"marker of {each.at}" for each in events if each.marker}
    return sorted(
        (
            each.at,
            each.key,
            each.id if each.id == "null" else made.get((each.key, each.id), each.id),
            each.action.value,
            each.storage_class or "",
            tuple(sorted(each.rules)),
        )
        for each in events
    )


def bucket_of(world: World) -> BucketContents:
    rules = read_configuration(
        {"Rules": world.rules, "TransitionDefaultMinimumObjectSize": world.minimum_size}
    )
    keys = [
        key_versions(identified(key, one) for one in versions)
        for key, versions in world.keys.items()
    ]
    uploads: list[KeyVersions] = [
        (
            IdentifiedItem(
                each.id, StoredItem(each.key, each.created, kind=ItemKind.MULTIPART_UPLOAD)
            ),
        )
        for each in world.uploads
    ]
    state = BucketState(VERSIONING[world.versioning])
    return BucketContents(ACCOUNT, "acme", state, rules, (*keys, *uploads))


def identified(key: str, version: Version) -> IdentifiedItem:
    item = StoredItem(
        key,
        version.created,
        version.size,
        version.storage_class,
        tuple(sorted(version.tags.items())),
        ItemKind.DELETE_MARKER if version.is_marker else ItemKind.OBJECT_VERSION,
        null_version=version.id == "null",
        retain_until=version.retain_until,
        legal_hold=version.legal_hold,
    )
    return IdentifiedItem(version.id, item, version.size)


def put(aws: testing.Emulator, world: World) -> None:
    """Behind moto's back, with the uploads' own IDs; the rules as any client puts them, and what
    is deleted for good as any client does it."""
    s3 = aws.client("s3", account=ACCOUNT)
    bucket = seed.create_bucket(
        ACCOUNT, "acme", "us-east-1", NOW - timedelta(days=500), VERSIONING[world.versioning]
    )
    for key, stack in world.keys.items():
        for one in stack:
            if one.is_marker:
                seed.add_delete_marker(bucket, key, one.created, one.id)
                continue
            seed.add_version(bucket, key, one.size, one.created, one.id, one.tags)
            version = bucket.keys[key]
            version.set_storage_class(one.storage_class)
            version.lock_legal_status = "ON" if one.legal_hold else None
            if one.retain_until:
                version.lock_mode = "GOVERNANCE"
                version.lock_until = one.retain_until.strftime("%Y-%m-%dT%H:%M:%SZ")
    for upload in world.uploads:
        seed.add_upload(bucket, upload.key, upload.created, (5 << 20,))
        (made,) = [each for each in bucket.multiparts.values() if "initiated" in each.__dict__][-1:]
        set_initiated(made, upload.created)
        _rename(bucket.multiparts, made, upload)
    aws.plan_advance(days=1)  # what a cache holds of the bucket now must not be used later
    for key, stack in world.keys.items():
        for one in stack:
            if one.deleted:
                s3.delete_object(Bucket="acme", Key=key, VersionId=one.id)
    configuration: Any = {"Rules": world.rules}
    s3.put_bucket_lifecycle_configuration(
        Bucket="acme",
        LifecycleConfiguration=configuration,
        TransitionDefaultMinimumObjectSize=world.minimum_size,  # type: ignore[arg-type]
    )


def _rename(uploads: dict[str, Any], made: Any, upload: Upload) -> None:
    dict.pop(uploads, made.id)
    made.id = upload.id
    uploads[upload.id] = made


def stored_in(aws: testing.Emulator) -> set[tuple[Any, ...]]:
    bucket = find_bucket("acme")
    assert bucket is not None
    contents = contents_of(bucket, aws.middleware.state.lifecycles, aws.now)
    return {
        (
            each.item.key,
            "" if each.item.kind is ItemKind.DELETE_MARKER else each.id,
            each.item.created,
            each.item.storage_class,
            each.item.current,
            each.item.noncurrent_since,
        )
        for versions in contents.keys
        for each in versions
    }


def remaining_in(naive: NaiveWorld) -> set[tuple[Any, ...]]:
    versions = {
        (
            key,
            "" if one.is_marker else one.id,
            one.created,
            one.storage_class,
            one is stack[-1],
            successor.created if successor else None,
        )
        for key, stack in naive.keys.items()
        for one, successor in zip(stack, [*stack[1:], None], strict=False)
    }
    return versions | {
        (each.key, each.id, each.created, "STANDARD", True, None) for each in naive.uploads
    }
