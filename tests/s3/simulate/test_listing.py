"""A listing is played key by key: versions of one key act on each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_rules
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.listing import ItemHistory, simulate_listing
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import Versioning
from tests.s3.simulate.worlds import KEYS, SIZES, START, buckets, items, rule_sets

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
EXPIRE: dict[str, object] = {
    "ID": "e",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "Expiration": {"Days": 10},
}
OLD: dict[str, object] = {
    "ID": "o",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 5},
}
FLAG: dict[str, object] = {**EXPIRE, "ID": "f", "Expiration": {"ExpiredObjectDeleteMarker": True}}


def played(
    items: list[StoredItem],
    *rules: dict[str, object],
    versioning: Versioning = Versioning.ENABLED,
) -> list[ItemHistory]:
    batch = Batch(read_rules(list(rules)), BucketState(versioning))
    return list(simulate_listing(batch, items, NOON, NOON + 100 * DAY))


def days(told: ItemHistory) -> list[tuple[LifecycleAction, int]]:
    return [(step.taken.action, (step.at - NOON).days) for step in told.steps]


def test_a_marker_that_lifecycle_puts_goes_the_day_after_its_version() -> None:
    one, marker = played([StoredItem("a", NOON, 5)], EXPIRE, OLD, FLAG)
    assert days(one) == [(LifecycleAction.DELETE_MARKER, 10), (LifecycleAction.DELETE_VERSION, 15)]
    assert (marker.place, marker.item.kind, marker.item.created) == (
        None,
        ItemKind.DELETE_MARKER,
        one.steps[0].at,
    )
    assert days(marker) == [(LifecycleAction.REMOVE_DELETE_MARKER, 16)]


def test_a_marker_above_versions_that_stay_stays() -> None:
    _one, marker = played([StoredItem("a", NOON, 5)], EXPIRE, FLAG)
    assert days(marker) == []


def test_a_marker_goes_by_days_once_it_is_old_enough_itself() -> None:
    _one, marker = played([StoredItem("a", NOON, 5)], EXPIRE, OLD)
    assert days(marker) == [(LifecycleAction.REMOVE_DELETE_MARKER, 20)]


def test_versions_that_a_listing_lacks_keep_a_marker() -> None:
    """An inventory may say that a marker hides three of which it lists one."""
    old = StoredItem("a", NOON - 9 * DAY, 5, current=False, noncurrent_since=NOON)
    (_, marker) = played(
        [old, StoredItem("a", NOON, kind=ItemKind.DELETE_MARKER, hidden=3)], OLD, FLAG
    )
    assert days(marker) == []


def test_a_version_whose_successor_is_gone_counts_from_the_next_one() -> None:
    """A short life for small versions ends the successor of a large one."""
    small = {**OLD, "ID": "s", "NoncurrentVersionExpiration": {"NoncurrentDays": 1}}
    small["Filter"] = {"ObjectSizeLessThan": 10}
    large = StoredItem(
        "a", NOON - 9 * DAY, 99, current=False, noncurrent_since=NOON - 3 * DAY, newer_noncurrent=1
    )
    between = StoredItem("a", NOON - 3 * DAY, 5, current=False, noncurrent_since=NOON)
    told = played([large, between, StoredItem("a", NOON, 99)], OLD, small)
    assert [days(each) for each in told] == [
        [(LifecycleAction.DELETE_VERSION, 5)],
        [(LifecycleAction.DELETE_VERSION, 1)],
        [],
    ]


def test_a_null_marker_takes_the_place_of_the_null_version() -> None:
    null = StoredItem(
        "a", NOON - 9 * DAY, 5, current=False, null_version=True, noncurrent_since=NOON - 8 * DAY
    )
    with_id = StoredItem("a", NOON - 8 * DAY, 5)
    told = played([null, with_id], EXPIRE, versioning=Versioning.SUSPENDED)
    assert [days(each) for each in told] == [
        [(LifecycleAction.DELETE_MARKER, 2)],
        [(LifecycleAction.DELETE_MARKER, 2)],
        [],
    ]
    assert told[0].steps[-1].left is None
    assert told[1].steps[-1].left == "STANDARD"
    assert (told[2].item.kind, told[2].item.null_version) == (ItemKind.DELETE_MARKER, True)


def test_things_of_a_bucket_without_versions_are_told_alone() -> None:
    told = played([StoredItem("a", NOON), StoredItem("a", NOON)], EXPIRE, versioning=Versioning.OFF)
    assert [days(each) for each in told] == [[(LifecycleAction.EXPIRE, 10)]] * 2


def test_of_versions_of_one_second_the_one_listed_first_is_the_newest() -> None:
    old = StoredItem("a", NOON - 9 * DAY, 5, current=False, noncurrent_since=NOON)
    told = played([StoredItem("a", NOON, 5), old, old], OLD)
    assert [each.place for each in told] == [2, 1, 0]


class OneByOne(Batch):
    def alike(self, _item: StoredItem) -> None:
        return None


OLD_ONE = StoredItem("a/x", NOON - 9 * DAY, 5, current=False, noncurrent_since=NOON - 2 * DAY)
MARKER = StoredItem("a/x", NOON, kind=ItemKind.DELETE_MARKER, hidden=1)
NEWEST: dict[str, object] = {
    **OLD,
    "NoncurrentVersionExpiration": {"NoncurrentDays": 5, "NewerNoncurrentVersions": 1},
}
TINY: dict[str, object] = {
    **EXPIRE,
    "Filter": {"And": {"Prefix": "a/", "ObjectSizeLessThan": 3}},
    "Expiration": {"Days": 1},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
}
SUCCESSOR = StoredItem("a/x", NOON - DAY, 1, current=False, noncurrent_since=NOON)


@pytest.mark.parametrize(
    ("rules", "one", "other"),
    [
        ([EXPIRE, OLD, TINY], [StoredItem("a/x", NOON, 5)], [StoredItem("b/x", NOON, 5)]),
        ([EXPIRE], [StoredItem("a/x", NOON, 5)], [StoredItem("a/x", NOON - DAY, 5)]),
        ([FLAG], [replace(MARKER, hidden=0)], [replace(MARKER, hidden=0, created=NOON + DAY / 9)]),
        ([OLD], [OLD_ONE], [replace(OLD_ONE, noncurrent_since=NOON)]),
        ([OLD, FLAG], [OLD_ONE, MARKER], [OLD_ONE, replace(MARKER, hidden=2)]),
        (
            [NEWEST, TINY],
            [replace(OLD_ONE, newer_noncurrent=1), SUCCESSOR],
            [replace(OLD_ONE, newer_noncurrent=2), SUCCESSOR],
        ),
    ],
    ids=["prefix of its marker", "day", "moment of a marker", "since", "hidden", "newer"],
)
def test_what_only_looks_alike_is_told_apart(
    rules: list[dict[str, object]], one: list[StoredItem], other: list[StoredItem]
) -> None:
    other = [replace(item, key=f"{item.key}/y") for item in other]
    listed = [*one, *other]
    told = played(listed, *rules)
    batch = OneByOne(read_rules(rules), BucketState(Versioning.ENABLED))
    assert told == list(simulate_listing(batch, listed, NOON, NOON + 100 * DAY))
    half = len(told) // 2
    assert [each.steps for each in told[:half]] != [each.steps for each in told[half:]]


@st.composite
def similar_items(draw: st.DrawFn) -> list[StoredItem]:
    """A few, and copies of them that differ in one respect, as those of a real listing do."""
    few = draw(st.lists(items(), min_size=1, max_size=3))
    found = list(few)
    for _ in range(draw(st.integers(0, 25))):
        one = draw(st.sampled_from(few))
        seconds = draw(st.sampled_from([0, 1, 86_400]))
        copies = [
            replace(one, key=draw(st.sampled_from(KEYS))),
            replace(one, created=one.created + timedelta(seconds=seconds)),
            replace(one, size=draw(st.sampled_from(SIZES))) if one.size else one,
        ]
        if not one.current:
            copies.append(replace(one, newer_noncurrent=draw(st.integers(0, 3))))
        elif one.kind is ItemKind.DELETE_MARKER:
            copies.append(replace(one, hidden=draw(st.integers(0, 3))))
        found.append(draw(st.sampled_from(copies)))
    return found


@settings(max_examples=200)
@given(rule_sets(), buckets(), similar_items())
def test_sharing_steps_among_items_that_are_alike_changes_nothing(
    rules: RuleSet, bucket: BucketState, listed: list[StoredItem]
) -> None:
    shared = simulate_listing(Batch(rules, bucket), listed, START)
    assert list(shared) == list(simulate_listing(OneByOne(rules, bucket), listed, START))
