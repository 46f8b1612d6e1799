"""What the stand-in refuses, and with which path; what it only warns of."""

from typing import Any

import pytest

from sandbox.engine.aws_provider.lifecycle_check import failures, warnings
from sandbox.engine.aws_provider.properties import UNKNOWN

RULE: dict[str, Any] = {
    "id": "logs",
    "status": "Enabled",
    "filter": {"prefix": "logs/"},
    "expiration": {"days": 180},
}


def with_rule(**changes: Any) -> dict[str, Any]:
    return {"bucket": "b", "rules": [RULE | changes]}


def said(inputs: dict[str, Any]) -> list[str]:
    return [failure.text("name") for failure in failures(inputs)]


def test_a_complete_rule_is_accepted_silently() -> None:
    everything = with_rule(
        filter={
            "and": {
                "prefix": "logs/",
                "tags": {"a": "b"},
                "objectSizeGreaterThan": 0,
                "objectSizeLessThan": 5,
            }
        },
        transitions=[{"days": 30, "storageClass": "STANDARD_IA"}],
        noncurrentVersionExpiration={"noncurrentDays": 7, "newerNoncurrentVersions": 3},
        noncurrentVersionTransitions=[{"noncurrentDays": 0, "storageClass": "GLACIER_IR"}],
        abortIncompleteMultipartUpload={"daysAfterInitiation": 7},
    ) | {
        "region": "us-east-1",
        "timeouts": {"create": "10m", "update": "1h30m"},
        "transitionDefaultMinimumObjectSize": "all_storage_classes_128K",
    }
    assert failures(everything) == []
    assert warnings(everything) == []


@pytest.mark.parametrize(
    ("inputs", "path", "reason"),
    [
        (with_rule(transitons=[]), "rules[0].transitons", "did you mean `transitions`?"),
        ({"bucket": "b", "rules": [RULE], "tags": {}}, "tags", "Invalid or unknown key"),
        (with_rule(filter={"Prefix": "x"}), "rules[0].filter.Prefix", "Invalid or unknown key"),
        (with_rule(expiration={"days": "180"}), "rules[0].expiration.days", "an Integer"),
        (with_rule(expiration={"days": 1.5}), "rules[0].expiration.days", "an Integer"),
        (with_rule(expiration={"days": True}), "rules[0].expiration.days", "an Integer"),
        (with_rule(expiration=[]), "rules[0].expiration", "an Object"),
        (with_rule(id=""), "rules[0].id", "between 1 and 255, got: 0"),
        (with_rule(id="x" * 256), "rules[0].id", "between 1 and 255, got: 256"),
        (with_rule(status="enabled"), "rules[0].status", '["Disabled" "Enabled"]'),
        ({"bucket": "b"}, "rules", "at least 1 elements, got: 0"),
        ({"bucket": "b", "rules": []}, "rules", "at least 1 elements, got: 0"),
        (
            with_rule(expiration={"date": "2027-03-31"}),
            "rules[0].expiration.date",
            "not valid RFC3339 string format",
        ),
        (
            with_rule(expiration={"date": "2027-02-30T00:00:00Z"}),
            "rules[0].expiration.date",
            "not valid RFC3339 string format",
        ),
        (
            with_rule(transitions=[{"storageClass": "GLACIER", "days": 1, "date": "x"}]),
            "rules[0].transitions[0]",
            "2 attributes specified when one (and only one) of [date, days] is required",
        ),
        (
            with_rule(transitions=[{"storageClass": "COLD", "days": 1}]),
            "rules[0].transitions[0].storageClass",
            'got: "COLD"',
        ),
        (
            with_rule(noncurrentVersionExpiration={"noncurrentDays": 0}),
            "rules[0].noncurrentVersionExpiration.noncurrentDays",
            "must be at least 1, got: 0",
        ),
        (
            with_rule(filter={"and": {"objectSizeLessThan": 0, "prefix": "x"}}),
            "rules[0].filter.and.objectSizeLessThan",
            "must be at least 1, got: 0",
        ),
        (
            {"bucket": "b", "rules": [RULE], "timeouts": {"create": "ten"}},
            "timeouts.create",
            '"ten" must be a string containing a sequence of decimal numbers',
        ),
        ({"bucket": "b", "rules": [RULE], "expectedBucketOwner": "1"}, "expectedBucketOwner", "1"),
    ],
)
def test_what_is_wrong_is_refused_at_its_path(
    inputs: dict[str, Any], path: str, reason: str
) -> None:
    text = "\n".join(said(inputs))
    assert f"Examine values at 'name.{path}'." in text
    assert reason in text


@pytest.mark.parametrize(
    ("inputs", "property_path"),
    [
        ({"rules": [RULE]}, "bucket"),
        ({"bucket": "b", "rules": [{"status": "Enabled"}]}, "rules[0].id"),
        (with_rule(transitions=[{"days": 3}]), "rules[0].transitions[0].storageClass"),
        (with_rule(filter={"tag": {"key": "k"}}), "rules[0].filter.tag.value"),
    ],
)
def test_a_missing_key_is_named(inputs: dict[str, Any], property_path: str) -> None:
    assert said(inputs) == [f"Missing required property '{property_path}'"]


@pytest.mark.parametrize(
    "inputs",
    [
        {"bucket": UNKNOWN, "rules": [RULE]},
        {"bucket": "b", "rules": UNKNOWN},
        {"bucket": "b", "rules": [UNKNOWN]},
        with_rule(filter=UNKNOWN, expiration=UNKNOWN, transitions=UNKNOWN, id=UNKNOWN),
        with_rule(expiration={"days": UNKNOWN}, filter={"and": UNKNOWN}),
    ],
)
def test_what_is_not_known_yet_is_not_judged(inputs: dict[str, Any]) -> None:
    assert failures(inputs) == []
    assert warnings(inputs) == []


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({"filter": {"prefix": "x", "tag": {"key": "a", "value": "b"}}}, "at most one of"),
        ({"expiration": {"days": 3, "date": "2027-03-31T00:00:00Z"}}, "2 attributes specified"),
        ({"prefix": "x"}, "is deprecated"),
    ],
)
def test_what_the_official_provider_only_warns_of_is_left_to_s3(
    changes: dict[str, Any], warning: str
) -> None:
    inputs = with_rule(**changes)
    assert failures(inputs) == []
    assert any(warning in one.reason for one in warnings(inputs))
