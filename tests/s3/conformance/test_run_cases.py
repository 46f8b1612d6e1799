"""What is said of conformance cases: those that differ, those that cannot be run."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from firnline.s3.conformance.fields import NotACase
from firnline.s3.conformance.outcome import tally
from firnline.s3.conformance.run import run_cases
from firnline.s3.law.judge import judge

OURS = sorted((Path(__file__).parents[2] / "conformance").glob("*.json"))
CASE: dict[str, Any] = {
    "id": "deleted-at-midnight",
    "rules": [
        {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 10}}
    ],
    "bucket": {"versioning": "Off"},
    "object": {
        "key": "tmp/x",
        "size": 500000,
        "tags": {},
        "created": "2026-05-01T12:00:00Z",
        "storage_class": "STANDARD",
        "is_latest": True,
    },
    "at": "2026-05-12T00:00:00Z",
    "expected": {"action": "expire", "due": "2026-05-12T00:00:00Z"},
    "confidence": "documented",
    "origin": "S3 User Guide: rounding",
}


def changed(path: str, value: Any) -> dict[str, Any]:
    case = copy.deepcopy(CASE)
    *above, last = path.split(".")
    place: Any = case
    for name in above:
        place = place[int(name)] if isinstance(place, list) else place[name]
    place[int(last) if isinstance(place, list) else last] = value
    return case


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_own_cases_all_agree(path: Path) -> None:
    outcomes = list(run_cases(json.loads(path.read_text(encoding="utf-8"))))
    assert [each.text for each in outcomes if not each.agrees] == []
    assert len(outcomes) >= 200
    assert len({each.id for each in outcomes}) == len(outcomes)


def test_the_rules_of_our_evaluation_cases_are_such_as_s3_accepts() -> None:
    (path,) = (path for path in OURS if path.name == "evaluation.json")
    cases = json.loads(path.read_text(encoding="utf-8"))
    refused = [case["id"] for case in cases if not judge({"Rules": case["rules"]}).accepted]
    assert refused == ["match-no-rules"]  # what is left where the configuration was removed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("expected.action", "none"),
        ("expected.action", "delete_marker"),
        ("expected.due", "2026-05-11T00:00:00Z"),
        ("at", "2026-05-11T23:59:59Z"),
        ("object.key", "other/x"),
        ("bucket.versioning", "Enabled"),
    ],
)
def test_a_case_that_differs_is_seen(path: str, value: str) -> None:
    (outcome,) = run_cases([changed(path, value)])
    assert not outcome.agrees
    assert outcome.text.startswith("deleted-at-midnight (documented): S3 says ")


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("at", None, "lacks `at`"),
        ("rules", None, "lacks `rules`"),
        ("object", None, "lacks `object`"),
        ("object", [], "`object` is no object"),
        ("object.created", None, "lacks `object.created`"),
        ("object.created", "soon", "`object.created` is no date: 'soon'"),
        ("object.created", "0001-01-01T00:00:00+14:00", "`object.created` is no date"),
        ("object.created", "9999-12-31", "`object.created` is a date too far away"),
        ("object.key", None, "lacks `object.key`"),
        ("object.key", 7, "`object.key` is 7, no text"),
        ("object.tags", [1], "`object.tags` is no mapping"),
        ("object.tags", {"a": 1}, "`object.tags` has a key or a value that is no text"),
        ("object.is_latest", False, None),
        ("object.object_lock", {"mode": "GOVERNANCE"}, "lacks `object.object_lock.retain_until`"),
        ("object.object_lock", "yes", "`object.object_lock` is no object"),
        ("expected", None, "lacks `expected`"),
        ("expected.action", "vanish", "`expected.action` is 'vanish'"),
        ("expected.action", "transition", "lacks `expected.storage_class`"),
        ("bucket.versioning", "Sometimes", "`bucket.versioning` is 'Sometimes'"),
        ("bucket.transition_default_minimum_object_size", "1KB", "no minimum size"),
        ("rules.0", 3, "`rules[0]` is no object"),
        ("rules", {}, "`rules` is no list"),
        ("rules.0.Status", None, "`rules[0].Status` is missing"),
        ("rules.0.Status", "enabled", "`rules[0].Status` is 'enabled'"),
        ("rules.0.Expiration.Days", 1.5, "`rules[0].Expiration.Days` is 1.5, no whole number"),
        ("rules.0.Expiration.Days", float("nan"), "no whole number"),
        ("rules.0.Expiration", {"Date": "never"}, "`rules[0].Expiration.Date` is no date"),
        ("rules.0.Transitions", [{"Days": 1}], "without `StorageClass`"),
        ("rules.0.Transitions", [{"StorageClass": "GLACIER"}], "without `Days` or `Date`"),
        ("rules.0.Transitions", {}, "`rules[0].Transitions` is no list"),
        ("rules.0.Filter", {"Tag": {"Key": "a"}}, "without `Value`"),
        ("rules.0.NoncurrentVersionExpiration", {"NewerNoncurrentVersions": 1}, "NoncurrentDays"),
    ],
)
def test_a_case_that_cannot_be_asked_says_why(path: str, value: Any, told: str | None) -> None:
    (outcome,) = run_cases([changed(path, value)])
    if told is not None:
        assert told in outcome.problem
    assert not outcome.agrees


@pytest.mark.parametrize(
    ("field", "action"),
    [
        ("size", {"Transitions": [{"Days": 1, "StorageClass": "GLACIER"}]}),
        ("noncurrent_since", {"NoncurrentVersionExpiration": {"NoncurrentDays": 1}}),
        (
            "newer_noncurrent_versions",
            {
                "NoncurrentVersionExpiration": {
                    "NoncurrentDays": 1,
                    "NewerNoncurrentVersions": 2,
                }
            },
        ),
        ("noncurrent_version_count", {"Expiration": {"ExpiredObjectDeleteMarker": True}}),
    ],
)
def test_a_field_that_decides_is_missed_and_one_that_does_not_is_not(
    field: str, action: dict[str, Any]
) -> None:
    whole = {
        "is_latest": field in ("size", "noncurrent_version_count"),
        "is_delete_marker": field == "noncurrent_version_count",
        "size": 200_000,
        "noncurrent_since": "2026-05-01T12:00:00Z",
        "newer_noncurrent_versions": 3,
        "noncurrent_version_count": 0,
    }
    case = changed("object", CASE["object"] | whole | {field: None})
    case["bucket"] = {"versioning": "Enabled"}
    case["expected"] = {"action": "none"}
    asks = [{"Status": "Enabled", "Filter": {}, **action}]
    asks_nothing: list[dict[str, Any]] = [
        {"Status": "Enabled", "Filter": {}, "AbortIncompleteMultipartUpload": None}
    ]
    missed, agreed = run_cases([case | {"rules": asks}, case | {"rules": asks_nothing}])
    assert missed.problem == f"lacks `object.{field}`"
    assert agreed.agrees


def test_the_tally_is_split_by_confidence() -> None:
    outcomes = run_cases(
        [CASE, changed("confidence", "observed"), changed("at", None), changed("confidence", "?")]
    )
    assert tally(outcomes).text == (
        "3 of 4 as S3 does (observed 1 of 1, documented 1 of 2, unsaid 1 of 1)"
    )


def test_a_case_without_an_id_is_told_by_its_place() -> None:
    _, outcome = run_cases([CASE, {"config": {}}])
    assert outcome.text == "case 2: cannot be run: lacks `aws_verdict`"


def test_a_case_of_neither_kind_is_told() -> None:
    outcomes = list(run_cases([{"id": "x"}, "text"]))
    assert "neither `config`" in outcomes[0].problem
    assert outcomes[1].problem == "is no object"


def test_a_validation_case_is_judged_by_the_law() -> None:
    nothing = {"id": "v", "config": {"Rules": []}, "confidence": "observed"}
    rejected = {**nothing, "aws_verdict": "reject", "expected_code": "MalformedXML"}
    right, wrong, other_code, refused = run_cases(
        [
            rejected,
            {**nothing, "aws_verdict": "accept"},
            {**rejected, "expected_code": "InvalidRequest"},
            {**nothing, "aws_verdict": "accept", "client_side_rejected": True},
        ]
    )
    assert right.agrees
    assert wrong.text == "v (observed): S3 says accept; here reject with MalformedXML"
    assert not other_code.agrees
    assert refused.agrees


@pytest.mark.parametrize("cases", [None, 3, "text", {}, {"cases": 1}])
def test_what_is_no_list_is_no_file_of_cases(cases: object) -> None:
    with pytest.raises(NotACase):
        list(run_cases(cases))
