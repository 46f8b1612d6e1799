"""Which program refuses something before S3 does is what that program says, value by value.

cfn-lint has CloudFormation's schema of a bucket and runs here. What the schema of c7n 0.9.53 said
of each value, read by its own YAML reader, is written down.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from cfnlint.api import lint_all  # type: ignore[import-untyped]

from firnline.lint.check import check_lifecycle_file
from firnline.s3.shape import Json

GOOD: Json = {"Id": "r", "Status": "Enabled", "Prefix": "a/", "ExpirationInDays": 400}
GLACIER = {"TransitionInDays": 9, "StorageClass": "GLACIER"}
NO_DAYS = {"ExpirationInDays": None}
TOO_LARGE, NEGATIVE = 99_999_999_999, -3
NUMBERS: tuple[Any, ...] = (
    TOO_LARGE,
    5.5,
    "5.5",
    "soon",
    "",
    NEGATIVE,
    "-3",
    0,
    True,
    [],
    "9" * 25,
)
DATES: tuple[Any, ...] = (
    "2127-02-30T00:00:00Z",
    "2127-02-30",
    "2127-01-01",
    "2127-01-01T00:00:00+00:00",
    "2127-01-01T12:00:00Z",
    "2127-01-01T00:00:00Z",
    "soon",
    2127,
    4_954_435_200,
    {},
)
DAYS: dict[str, Any] = {
    "ExpirationInDays": lambda value: {"ExpirationInDays": value},
    "TransitionInDays": lambda value: {"Transitions": [{**GLACIER, "TransitionInDays": value}]},
    "NoncurrentDays": lambda value: {"NoncurrentVersionExpiration": {"NoncurrentDays": value}},
    "NewerNoncurrentVersions": lambda value: {
        "NoncurrentVersionTransitions": [{**GLACIER, "NewerNoncurrentVersions": value}]
    },
    "DaysAfterInitiation": lambda value: {
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": value}
    },
    "ObjectSizeGreaterThan": lambda value: {"ObjectSizeGreaterThan": value},
}
OTHERS: tuple[Json, ...] = (
    {"Status": "enabled"},
    {"Status": None},
    {"Status": 1},
    {"Id": "x" * 256},
    {"Id": {}},
    {"Prefix": {}},
    {"TagFilters": [{"Key": "a"}]},
    {"TagFilters": [{"Key": "", "Value": "b"}]},
    {"TagFilters": ["x"]},
    {"Transitions": [{**GLACIER, "StorageClass": "COLD"}]},
    {"Transitions": [{**GLACIER, "StorageClass": "STANDARD"}]},
    {"Transitions": [{**GLACIER, "StorageClass": 1}]},
    {"Transitions": [{"TransitionInDays": 9}]},
    {"Transitions": "x"},
    {"Transitions": [GLACIER, {"TransitionInDays": 20, "StorageClass": "DEEP_ARCHIVE"}]},
    {"Transitions": [GLACIER], "ExpirationInDays": 5},
    {"NoncurrentVersionExpiration": {"NewerNoncurrentVersions": 3}},
    {"NoncurrentVersionTransitions": [{"StorageClass": "GLACIER"}]},
    {"AbortIncompleteMultipartUpload": {}},
    {**NO_DAYS, "ExpiredObjectDeleteMarker": "yes"},
    {**NO_DAYS, "ExpiredObjectDeleteMarker": "True"},
    {"ExpirationDate": "2127-01-01T00:00:00Z"},
    {**NO_DAYS},
    # Properties that CloudFormation does not have are all that it refuses there.
    {**NO_DAYS, "Expiration": {"Days": "soon"}},
    {"Transitions": [{"Days": "soon", "StorageClass": "GLACIER"}]},
    {"Filter": {"Tag": {"Key": "a"}}, "Prefix": None},
)


def _wrong() -> Iterator[Json]:
    for each in NUMBERS:
        yield from (with_number(each) for with_number in DAYS.values())
    for each in DATES:
        yield {**NO_DAYS, "ExpirationDate": each}
        yield {**NO_DAYS, "Transitions": [{"TransitionDate": each, "StorageClass": "GLACIER"}]}
    yield from OTHERS


WRONG = tuple(_wrong())


def template() -> Json:
    """One bucket for each case, in their order."""
    buckets = {}
    for number, wrong in enumerate(WRONG):
        rule = {name: value for name, value in {**GOOD, **wrong}.items() if value is not None}
        properties = {"LifecycleConfiguration": {"Rules": [rule]}}
        buckets[f"Case{number}"] = {"Type": "AWS::S3::Bucket", "Properties": properties}
    return {"Resources": buckets}


@cache
def errors_of_cfn_lint() -> dict[str, list[str]]:
    """By bucket. One run: it reads its schemas anew in each."""
    found: dict[str, list[str]] = {}
    for each in lint_all(json.dumps(template())):
        if each.rule.id.startswith("E"):
            found.setdefault(str(each.path[1]), []).append(each.rule.id)
    return found


@cache
def notes() -> dict[str, list[str]]:
    """By bucket: those of all findings."""
    found: dict[str, list[str]] = {}
    for each in check_lifecycle_file(json.dumps(template()).encode(), "t.json"):
        bucket = (each.about or "").split('"')[1::2]
        if bucket:
            found.setdefault(bucket[0], []).extend(each.notes)
    return found


@pytest.mark.parametrize("number", range(len(WRONG)), ids=lambda each: str(WRONG[each])[:60])
def test_cloudformation_is_said_to_refuse_what_cfn_lint_refuses(number: int) -> None:
    errors = errors_of_cfn_lint().get(f"Case{number}", [])
    said = [each for each in notes().get(f"Case{number}", []) if "CloudFormation refuses" in each]
    assert bool(said) == bool(errors)
    of_schema = {each.rpartition(": ")[2].rstrip(")") for each in said if "cfn-lint" in each}
    assert of_schema <= set(errors)


# A member of a rule as YAML, and whether c7n 0.9.53 refuses it.
OF_CUSTODIAN = {
    "Expiration: {Days: 99999999999}": False,
    "Expiration: {Days: 5.5}": True,
    "Expiration: {Days: 5.0}": False,
    "Expiration: {Days: '5'}": True,
    "Expiration: {Days: soon}": True,
    "Expiration: {Days: -3}": False,
    "Expiration: {Days: 0}": False,
    "Expiration: {Days: true}": True,
    "Expiration: {Days: {}}": True,
    "NoncurrentVersionExpiration: {NoncurrentDays: 99999999999}": False,
    "NoncurrentVersionExpiration: {NewerNoncurrentVersions: 3}": False,
    "NoncurrentVersionExpiration: {NoncurrentDays: 3, NewerNoncurrentVersions: 5.5}": True,
    "NoncurrentVersionExpiration: 3": True,
    "AbortIncompleteMultipartUpload: {DaysAfterInitiation: -3}": False,
    "AbortIncompleteMultipartUpload: {DaysAfterInitiation: soon}": True,
    "AbortIncompleteMultipartUpload: {}": False,
    "Expiration: {Date: soon}": False,
    "Expiration: {Date: '2127-02-30'}": False,
    "Expiration: {Date: '2127-01-01'}": False,
    "Expiration: {Date: 2127-01-01}": True,
    "Expiration: {Date: 2127-1-1}": False,
    "Expiration: {Date: 2127-01-01T00:00:00Z}": True,
    "Expiration: {Date: 4954435200}": True,
    "Expiration: {Date: {}}": True,
    "Transitions: [{Days: 5.5, StorageClass: GLACIER}]": True,
    "Transitions: [{Days: 99999999999, StorageClass: GLACIER}]": False,
    "Transitions: [{Days: 3, StorageClass: COLD}]": False,
    "Transitions: [{Days: 3, StorageClass: 1}]": True,
    "Transitions: [{Days: 3}]": False,
    "Filter: {ObjectSizeGreaterThan: 5.5}": True,
    "Filter: {ObjectSizeGreaterThan: -3}": False,
    "Filter: {Tag: {Key: a}}": True,
    "Filter: {Tag: {Key: '', Value: b}}": False,
    "Filter: {Prefix: a, Tag: {Key: a, Value: b}}": True,
    "Filter: {}": True,
    "Status: enabled": True,
    "Priority: 1": True,
}


@pytest.mark.parametrize("member", OF_CUSTODIAN)
def test_cloud_custodian_is_said_to_refuse_what_it_refuses(member: str) -> None:
    rule = {"Status": "Status: Enabled", "Filter": "Filter: {Prefix: a/}"}
    rule["Expiration"] = "Expiration: {Days: 400}"
    rule[member.partition(":")[0]] = member
    text = (
        "policies: [{name: logs, resource: s3, actions: [{type: configure-lifecycle,"
        f" rules: [{{ID: r, {', '.join(rule.values())}}}]}}]}}]"
    )
    found = check_lifecycle_file(text.encode(), "custodian.yaml")
    said = [note for each in found for note in each.notes if "Cloud Custodian refuses" in note]
    assert bool(said) == OF_CUSTODIAN[member]
