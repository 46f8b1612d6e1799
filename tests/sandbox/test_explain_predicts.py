"""What the simulator predicts for an object happens when the sandbox's clock is advanced."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from firnline import testing
from firnline.fleet.live import read_versioning
from firnline.pipeline import compile_files
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.s3.shape import to_s3
from firnline.s3.simulate.history import History, history
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.workspace import read_folder
from sandbox.paths import CHECKOUT
from sandbox.world.accounts import BUCKETS, Bucket
from sandbox.world.load import load_world

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAYS = 500
SAMPLED = 1_000
# A null marker takes the ID of the null version that it replaced.
Name = tuple[str, str, str, ItemKind]
Deed = tuple[datetime, LifecycleAction, str | None, tuple[str, ...]]


class Listed(NamedTuple):
    bucket: str
    id: str
    item: StoredItem


@pytest.fixture(scope="module")
def aws() -> Iterator[testing.Emulator]:
    """The sample world, with the rules that the sample policies compile to."""
    compiled = compile_files(read_folder(CHECKOUT / "policies"))
    accounts = {bucket.name: bucket.account.id for bucket in BUCKETS}
    with testing.serve(load_world, started=NOON) as aws:
        for each in compiled.buckets:
            shape: Any = to_s3(each.rules)
            header = shape.pop("TransitionDefaultMinimumObjectSize")
            name = each.bucket.name
            aws.client("s3", account=accounts[name]).put_bucket_lifecycle_configuration(
                Bucket=name,
                LifecycleConfiguration=shape,
                TransitionDefaultMinimumObjectSize=header,
            )
        yield aws


def test_the_stories_of_a_thousand_random_objects_come_true(aws: testing.Emulator) -> None:
    clients = {each.name: aws.client("s3", account=each.account.id) for each in BUCKETS}
    everything = [each for bucket in BUCKETS for each in listed(clients[bucket.name], bucket)]
    sampled = random.Random(7).sample(everything, SAMPLED)
    since, until = aws.now, aws.now + timedelta(days=DAYS)
    predicted = {
        (each.bucket, each.item.key, each.id, each.item.kind): deeds(
            history(
                live_rules(clients[each.bucket], each.bucket),
                live_state(clients[each.bucket], each.bucket),
                with_tags(clients[each.bucket], each),
                since,
                until,
            )
        )
        for each in sampled
    }
    events: dict[Name, list[Deed]] = {name: [] for name in predicted}
    for one in aws.advance(days=DAYS).events:
        name = (one.bucket, one.key, one.id, one.kind)
        if name in events:
            events[name].append((one.at, one.action, one.storage_class, one.rules))
    assert events == predicted

    actions = Counter(action for each in predicted.values() for _, action, _, _ in each)
    assert set(actions) == set(LifecycleAction) - {LifecycleAction.NONE}
    assert sum(actions.values()) > SAMPLED


def deeds(predicted: History) -> list[Deed]:
    return [
        (
            event.at,
            event.action_due.action,
            event.action_due.storage_class,
            tuple(dict.fromkeys(rule.id for rule in event.action_due.rules)),
        )
        for event in predicted
    ]


def listed(s3: Any, bucket: Bucket) -> Iterator[Listed]:
    """Every version and upload, as any client sees it. What is below a marker is in it only
    as versions: when the marker itself goes depends on them."""
    keys: dict[str, list[Any]] = {}
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket.name):
        for each in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
            keys.setdefault(each["Key"], []).append(each)
    for versions in keys.values():
        versions.sort(key=lambda each: each["LastModified"], reverse=True)
        yield from (
            Listed(bucket.name, each["VersionId"], item_of(each, newer, place))
            for place, (newer, each) in enumerate(pairwise([None, *versions]))
            if "Size" in each or len(versions) == 1
        )
    for upload in s3.list_multipart_uploads(Bucket=bucket.name).get("Uploads", []):
        began = StoredItem(upload["Key"], upload["Initiated"], kind=ItemKind.MULTIPART_UPLOAD)
        yield Listed(bucket.name, upload["UploadId"], began)


def item_of(version: Any, newer: Any, place: int) -> StoredItem:
    return StoredItem(
        version["Key"],
        version["LastModified"],
        version.get("Size", 0),
        version.get("StorageClass", "STANDARD"),
        kind=ItemKind.OBJECT_VERSION if "Size" in version else ItemKind.DELETE_MARKER,
        current=newer is None,
        null_version=version["VersionId"] == "null",
        noncurrent_since=newer["LastModified"] if newer else None,
        newer_noncurrent=max(0, place - 1),
    )


def with_tags(s3: Any, each: Listed) -> StoredItem:
    if each.item.kind is not ItemKind.OBJECT_VERSION:
        return each.item
    got = s3.get_object_tagging(Bucket=each.bucket, Key=each.item.key, VersionId=each.id)
    tags = tuple(sorted((tag["Key"], tag["Value"]) for tag in got["TagSet"]))
    return replace(each.item, tags=tags)


@cache
def live_rules(s3: Any, bucket: str) -> RuleSet:
    return read_configuration(s3.get_bucket_lifecycle_configuration(Bucket=bucket))


@cache
def live_state(s3: Any, bucket: str) -> BucketState:
    return BucketState(read_versioning(s3, bucket))
