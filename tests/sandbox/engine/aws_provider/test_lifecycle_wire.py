"""What goes over the wire, the surprises of the official provider included."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.engine.aws_provider.lifecycle_wire import from_wire, to_wire, without_zeros


def rule(**parts: Any) -> dict[str, Any]:
    return {"id": "r", "status": "Enabled"} | parts


def sent(prior: list[dict[str, Any]] | None = None, **parts: Any) -> dict[str, Any]:
    (wire,) = to_wire([rule(**parts)], prior)
    return wire


@pytest.mark.parametrize(
    ("given", "wire"),
    [
        ({"prefix": "logs/"}, {"Prefix": "logs/"}),
        ({"prefix": ""}, {"Prefix": ""}),
        ({}, {"Prefix": ""}),
        ({"tag": {"key": "a", "value": "b"}}, {"Tag": {"Key": "a", "Value": "b"}}),
        ({"objectSizeGreaterThan": 5}, {"ObjectSizeGreaterThan": 5}),
        ({"objectSizeLessThan": 5}, {"ObjectSizeLessThan": 5}),
        (
            {"prefix": "x", "objectSizeLessThan": 5},
            {"Prefix": "x", "ObjectSizeLessThan": 5},
        ),
    ],
)
def test_a_filter_is_sent_as_it_is(given: dict[str, Any], wire: dict[str, Any]) -> None:
    assert sent(filter=given)["Filter"] == wire


def test_without_a_filter_an_empty_one_is_sent() -> None:
    assert sent()["Filter"] == {}


def test_a_prefix_of_the_rule_itself_is_sent_instead_of_a_filter() -> None:
    wire = sent(prefix="old/")
    assert wire["Prefix"] == "old/"
    assert "Filter" not in wire


def test_in_a_new_and_an_unset_lower_bound_becomes_zero_and_an_unset_prefix_empty() -> None:
    wire = sent(filter={"and": {"tags": {"b": "2", "a": "1"}}})
    assert wire["Filter"]["And"] == {
        "ObjectSizeGreaterThan": 0,
        "Prefix": "",
        "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}],
    }


def test_in_an_and_that_the_state_holds_already_what_is_unset_is_not_sent() -> None:
    prior = [rule(filter={"and": {"objectSizeGreaterThan": 0, "prefix": "x"}})]
    wire = sent(prior, filter={"and": {"prefix": "x", "tags": {"a": "1"}}})
    assert wire["Filter"]["And"] == {"Prefix": "x", "Tags": [{"Key": "a", "Value": "1"}]}


def test_a_bound_that_is_said_is_sent_on_create_and_on_update() -> None:
    given = {"and": {"prefix": "x", "objectSizeGreaterThan": 131072}}
    for prior in (None, [rule(filter=given)]):
        wire = sent(prior, filter=given)
        assert wire["Filter"]["And"] == {"Prefix": "x", "ObjectSizeGreaterThan": 131072}


def test_tag_keys_of_aws_are_dropped_silently() -> None:
    wire = sent(filter={"and": {"prefix": "x", "tags": {"aws:cloud": "1"}}})
    assert "Tags" not in wire["Filter"]["And"]


@pytest.mark.parametrize(
    ("given", "wire"),
    [
        ({"days": 5}, {"Days": 5}),
        ({"days": 0}, {"ExpiredObjectDeleteMarker": False}),
        ({}, {"ExpiredObjectDeleteMarker": False}),
        ({"expiredObjectDeleteMarker": True}, {"ExpiredObjectDeleteMarker": True}),
        ({"days": 5, "expiredObjectDeleteMarker": True}, {"Days": 5}),
        (
            {"date": "2027-03-31T02:00:00+02:00"},
            {"Date": datetime(2027, 3, 31, tzinfo=UTC)},
        ),
    ],
)
def test_an_expiration_has_one_member(given: dict[str, Any], wire: dict[str, Any]) -> None:
    assert sent(expiration=given)["Expiration"] == wire


def test_a_transition_without_days_and_date_happens_at_once() -> None:
    wire = sent(transitions=[{"storageClass": "GLACIER"}])
    assert wire["Transitions"] == [{"StorageClass": "GLACIER", "Days": 0}]


def test_every_other_part_is_only_spelt_differently() -> None:
    wire = sent(
        noncurrentVersionExpiration={"noncurrentDays": 7, "newerNoncurrentVersions": 3},
        noncurrentVersionTransitions=[{"noncurrentDays": 1, "storageClass": "GLACIER_IR"}],
        abortIncompleteMultipartUpload={"daysAfterInitiation": 7},
    )
    assert wire["NoncurrentVersionExpiration"] == {
        "NoncurrentDays": 7,
        "NewerNoncurrentVersions": 3,
    }
    assert wire["NoncurrentVersionTransitions"] == [
        {"NoncurrentDays": 1, "StorageClass": "GLACIER_IR"}
    ]
    assert wire["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}


ROUND_TRIPS = [
    rule(filter={"prefix": ""}, expiration={"days": 5}),
    rule(expiration={"expiredObjectDeleteMarker": True}),
    rule(filter={"tag": {"key": "a", "value": "b"}}, expiration={"date": "2027-03-31T00:00:00Z"}),
    rule(
        filter={"and": {"prefix": "x", "objectSizeGreaterThan": 1, "tags": {"a": "b"}}},
        transitions=[
            {"days": 0, "storageClass": "GLACIER"},
            {"date": "2027-03-31T00:00:00Z", "storageClass": "DEEP_ARCHIVE"},
        ],
    ),
    rule(filter={"and": {"prefix": "x", "tags": {"a": "b"}}}, expiration={"days": 1}),
    rule(
        filter={"prefix": "x"},
        noncurrentVersionExpiration={"noncurrentDays": 7},
        abortIncompleteMultipartUpload={"daysAfterInitiation": 1},
    ),
]


@pytest.mark.parametrize("given", ROUND_TRIPS)
def test_what_is_read_back_is_what_was_written(given: dict[str, Any]) -> None:
    assert without_zeros(from_wire(to_wire([given]))) == [given]


def test_the_state_keeps_the_zeros_of_the_official_provider() -> None:
    (state,) = from_wire(to_wire([rule(filter={"prefix": "x"}, expiration={"days": 5})]))
    assert state["prefix"] == ""
    assert state["expiration"] == {"days": 5, "expiredObjectDeleteMarker": False}
