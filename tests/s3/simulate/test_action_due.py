"""What S3 owes a thing, by the worked examples of its documentation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from firnline.s3.shape import from_s3
from firnline.s3.simulate.action_due import owed
from firnline.s3.simulate.history import story
from firnline.s3.simulate.stored import Action, BucketState, Sort, Thing
from firnline.s3.terms import Versioning

MIB = 2**20


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rules(*shapes: dict[str, Any]) -> Any:
    whole = {"Status": "Enabled", "Filter": {"Prefix": ""}}
    return from_s3({"Rules": [{**whole, **shape} for shape in shapes]})


@pytest.mark.parametrize(
    ("created", "days", "due"),
    [
        ("2014-01-15T10:30", 3, "2014-01-19"),
        ("2014-01-02T00:05", 1, "2014-01-04"),
        ("2026-09-21T16:40:03", 10, "2026-10-02"),
    ],
)
def test_an_age_is_rounded_up_to_midnight(created: str, days: int, due: str) -> None:
    thing = Thing("x", at(created), MIB)
    expiring = rules({"Expiration": {"Days": days}})
    before = at(due) - timedelta(seconds=1)
    assert owed(expiring, BucketState(), thing, before).action is Action.NONE
    found = owed(expiring, BucketState(), thing, at(due))
    assert (found.action, found.due) == (Action.EXPIRE, at(due))


def test_a_move_and_a_deletion_on_one_day_depend_on_versioning() -> None:
    both = rules(
        {"Transitions": [{"Days": 365, "StorageClass": "STANDARD_IA"}]},
        {"Expiration": {"Days": 365}},
    )
    thing, then = Thing("x", at("2025-01-01T12:00"), MIB), at("2026-01-02")
    assert owed(both, BucketState(), thing, then).action is Action.EXPIRE
    versioned = BucketState(Versioning.ENABLED)
    assert owed(both, versioned, thing, then).action is Action.TRANSITION
    told = [(each.at, each.owed.action) for each in story(both, versioned, thing)]
    assert told == [(then, Action.TRANSITION), (at("2026-01-03"), Action.DELETE_MARKER)]


def test_the_story_of_a_version_goes_on_after_its_marker() -> None:
    chain = rules(
        {"Expiration": {"Days": 60}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
    )
    thing = Thing("x", at("2026-01-01T12:00"), MIB)
    told = [
        (each.at, each.owed.action) for each in story(chain, BucketState(Versioning.ENABLED), thing)
    ]
    assert told == [
        (at("2026-03-03"), Action.DELETE_MARKER),
        (at("2026-04-02"), Action.DELETE_VERSION),
    ]


def test_a_marker_that_hides_nothing_goes() -> None:
    flag = rules({"Expiration": {"ExpiredObjectDeleteMarker": True}})
    versioned = BucketState(Versioning.ENABLED)
    sole = Thing("x", at("2026-01-01T12:00"), sort=Sort.MARKER)
    hiding = Thing("x", at("2026-01-01T12:00"), sort=Sort.MARKER, hidden=1)
    now = at("2026-01-01T13:00")
    assert owed(flag, versioned, sole, now).action is Action.REMOVE_DELETE_MARKER
    assert owed(flag, versioned, hiding, now).action is Action.NONE


def test_a_date_far_away_is_no_crash() -> None:
    thing = Thing("x", at("2026-01-01T12:00"), MIB)
    assert story(rules({"Expiration": {"Days": 2**31 - 1}}), BucketState(), thing) == ()


def test_what_does_not_exist_yet_is_owed_nothing() -> None:
    dated = rules({"Expiration": {"Date": "2026-01-01"}})
    thing = Thing("x", at("2026-03-01T12:00"), MIB)
    assert owed(dated, BucketState(), thing, at("2026-02-01")).action is Action.NONE
    assert owed(dated, BucketState(), thing, at("2026-03-02")).action is Action.EXPIRE


def test_a_bucket_without_versions_has_no_markers_to_remove() -> None:
    flag = rules({"Expiration": {"ExpiredObjectDeleteMarker": True}})
    marker = Thing("x", at("2026-01-01T12:00"), sort=Sort.MARKER)
    assert owed(flag, BucketState(), marker, at("2026-02-01")).action is Action.NONE


def test_a_lock_keeps_what_would_be_gone_for_good() -> None:
    expiring = rules({"Expiration": {"Days": 1}})
    thing = Thing("x", at("2026-01-01T12:00"), MIB, retain_until=at("2026-06-01"))
    locked = owed(expiring, BucketState(), thing, at("2026-05-31"))
    assert locked.action is Action.NONE
    assert owed(expiring, BucketState(), thing, at("2026-06-01")).action is Action.EXPIRE


@pytest.mark.parametrize(
    "date", ["2026-03-01", "2026-03-01T00:00:00.000Z", "2026-02-28T19:00:00-05:00"]
)
def test_a_date_is_the_midnight_utc_it_names(date: str) -> None:
    thing = Thing("x", at("2026-01-01T12:00"), MIB)
    dated = rules({"Expiration": {"Date": date}})
    assert owed(dated, BucketState(), thing, at("2026-03-01")).due == at("2026-03-01")
    assert owed(dated, BucketState(), thing, at("2026-02-28T23:59")).action is Action.NONE
