"""What S3 owes a thing, by the worked examples of its documentation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from firnline.s3.read_shape import read_configuration
from firnline.s3.simulate.action_due import action_due
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import Versioning

MIB = 2**20


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rules(*shapes: dict[str, Any]) -> Any:
    whole = {"Status": "Enabled", "Filter": {"Prefix": ""}}
    return read_configuration({"Rules": [{**whole, **shape} for shape in shapes]})


@pytest.mark.parametrize(
    ("created", "days", "due"),
    [
        ("2014-01-15T10:30", 3, "2014-01-19"),
        ("2014-01-02T00:05", 1, "2014-01-04"),
        ("2026-09-21T16:40:03", 10, "2026-10-02"),
    ],
)
def test_an_age_is_rounded_up_to_midnight(created: str, days: int, due: str) -> None:
    item = StoredItem("x", at(created), MIB)
    expiring = rules({"Expiration": {"Days": days}})
    before = at(due) - timedelta(seconds=1)
    assert action_due(expiring, BucketState(), item, before).action is LifecycleAction.NONE
    found = action_due(expiring, BucketState(), item, at(due))
    assert (found.action, found.due) == (LifecycleAction.EXPIRE, at(due))


def test_a_move_and_a_deletion_on_one_day_depend_on_versioning() -> None:
    both = rules(
        {"Transitions": [{"Days": 365, "StorageClass": "STANDARD_IA"}]},
        {"Expiration": {"Days": 365}},
    )
    item, then = StoredItem("x", at("2025-01-01T12:00"), MIB), at("2026-01-02")
    assert action_due(both, BucketState(), item, then).action is LifecycleAction.EXPIRE
    versioned = BucketState(Versioning.ENABLED)
    assert action_due(both, versioned, item, then).action is LifecycleAction.TRANSITION
    told = [(each.at, each.action_due.action) for each in history(both, versioned, item)]
    assert told == [
        (then, LifecycleAction.TRANSITION),
        (at("2026-01-03"), LifecycleAction.DELETE_MARKER),
    ]


def test_the_story_of_a_version_goes_on_after_its_marker() -> None:
    chain = rules(
        {"Expiration": {"Days": 60}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
    )
    item = StoredItem("x", at("2026-01-01T12:00"), MIB)
    told = [
        (each.at, each.action_due.action)
        for each in history(chain, BucketState(Versioning.ENABLED), item)
    ]
    assert told == [
        (at("2026-03-03"), LifecycleAction.DELETE_MARKER),
        (at("2026-04-02"), LifecycleAction.DELETE_VERSION),
    ]


def test_a_marker_that_hides_nothing_goes() -> None:
    flag = rules({"Expiration": {"ExpiredObjectDeleteMarker": True}})
    versioned = BucketState(Versioning.ENABLED)
    sole = StoredItem("x", at("2026-01-01T12:00"), kind=ItemKind.DELETE_MARKER)
    hiding = StoredItem("x", at("2026-01-01T12:00"), kind=ItemKind.DELETE_MARKER, hidden=1)
    now = at("2026-01-01T13:00")
    assert action_due(flag, versioned, sole, now).action is LifecycleAction.REMOVE_DELETE_MARKER
    assert action_due(flag, versioned, hiding, now).action is LifecycleAction.NONE


def test_a_date_far_away_is_no_crash() -> None:
    item = StoredItem("x", at("2026-01-01T12:00"), MIB)
    assert history(rules({"Expiration": {"Days": 2**31 - 1}}), BucketState(), item) == ()


def test_what_does_not_exist_yet_is_owed_nothing() -> None:
    dated = rules({"Expiration": {"Date": "2026-01-01"}})
    item = StoredItem("x", at("2026-03-01T12:00"), MIB)
    assert action_due(dated, BucketState(), item, at("2026-02-01")).action is LifecycleAction.NONE
    assert action_due(dated, BucketState(), item, at("2026-03-02")).action is LifecycleAction.EXPIRE


def test_a_bucket_without_versions_has_no_markers_to_remove() -> None:
    flag = rules({"Expiration": {"ExpiredObjectDeleteMarker": True}})
    marker = StoredItem("x", at("2026-01-01T12:00"), kind=ItemKind.DELETE_MARKER)
    assert action_due(flag, BucketState(), marker, at("2026-02-01")).action is LifecycleAction.NONE


def test_a_lock_keeps_what_would_be_gone_for_good() -> None:
    expiring = rules({"Expiration": {"Days": 1}})
    item = StoredItem("x", at("2026-01-01T12:00"), MIB, retain_until=at("2026-06-01"))
    locked = action_due(expiring, BucketState(), item, at("2026-05-31"))
    assert locked.action is LifecycleAction.NONE
    assert (
        action_due(expiring, BucketState(), item, at("2026-06-01")).action is LifecycleAction.EXPIRE
    )


@pytest.mark.parametrize(
    "date", ["2026-03-01", "2026-03-01T00:00:00.000Z", "2026-02-28T19:00:00-05:00"]
)
def test_a_date_is_the_midnight_utc_it_names(date: str) -> None:
    item = StoredItem("x", at("2026-01-01T12:00"), MIB)
    dated = rules({"Expiration": {"Date": date}})
    assert action_due(dated, BucketState(), item, at("2026-03-01")).due == at("2026-03-01")
    assert (
        action_due(dated, BucketState(), item, at("2026-02-28T23:59")).action
        is LifecycleAction.NONE
    )
