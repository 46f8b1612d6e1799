"""What is wrong in a template is said in CloudFormation's own names, and so is the help."""

from __future__ import annotations

import json
import re

import pytest

from firnline.diagnostics.kinds import Diagnostic
from firnline.lint.check import check_lifecycle_file
from firnline.s3.shape import Json
from tests.lint.test_first_refusals import GLACIER, GOOD, NO_DAYS, WRONG

OF_S3_ALONE = {"Filter", "Expiration", "Days", "Date", "ID", "And", "Tag", "Tags"}
DATED = {"TransitionDate": "2127-01-01T00:00:00Z", "StorageClass": "GLACIER"}


def found_in(*rules: Json, versioned: bool = False) -> tuple[Diagnostic, ...]:
    lifecycle = {
        "Rules": [
            {name: value for name, value in {**GOOD, **rule}.items() if value is not None}
            for rule in rules
        ]
    }
    properties: Json = {"LifecycleConfiguration": lifecycle}
    if versioned:
        properties["VersioningConfiguration"] = {"Status": "Enabled"}
    resources = {"Logs": {"Type": "AWS::S3::Bucket", "Properties": properties}}
    return check_lifecycle_file(json.dumps({"Resources": resources}).encode(), "t.json")


@pytest.mark.parametrize(
    "rule",
    [
        *WRONG,
        {"Transitions": [{**GLACIER, **DATED}]},
        {"Transitions": [GLACIER, {**DATED, "StorageClass": "DEEP_ARCHIVE"}]},
        {"Transitions": [DATED]},
        {"Transitions": [{"StorageClass": "GLACIER"}]},
        {"ExpiredObjectDeleteMarker": True},
        {**NO_DAYS, "ExpiredObjectDeleteMarker": False},
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 400}},
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 3, "NewerNoncurrentVersions": 3}},
        {**NO_DAYS, "NoncurrentVersionExpiration": {"NoncurrentDays": 3}},
        {"Prefix": None},
        {"Prefix": "runs/*/x/"},
        {"Lifetime": 3},
        {"Filter": {"Prefix": "a/", "Tag": {"Key": "a", "Value": "b"}}, "Prefix": None},
    ],
    ids=str,
)
@pytest.mark.parametrize("versioned", [True, False])
def test_no_help_names_what_only_s3_has(rule: Json, versioned: bool) -> None:
    found = found_in(rule, {"Id": "second", "Prefix": "z/"}, versioned=versioned)
    helps = [each.help for each in found]
    assert all("AWS CLI" not in each for each in helps)
    named = {name for each in helps for name in re.findall(r"\b[A-Za-z]+\b", _in_backticks(each))}
    assert named & OF_S3_ALONE == set()


def _in_backticks(text: str) -> str:
    return " ".join(re.findall(r"`([^`]*)`", text))


@pytest.mark.parametrize(
    ("rule", "message", "help"),
    [
        (
            NO_DAYS,
            "this rule has no action",
            "add an action, such as `ExpirationInDays`, or remove the rule",
        ),
        (
            {"NoncurrentVersionTransitions": [{"StorageClass": "GLACIER"}]},
            "`TransitionInDays` is missing",
            "add `TransitionInDays`",
        ),
        (
            {"AbortIncompleteMultipartUpload": {}},
            "`DaysAfterInitiation` is missing",
            "add `DaysAfterInitiation`",
        ),
        (
            {"ExpirationDate": "2127-01-01T00:00:00Z"},
            "this is combined with `ExpirationInDays`",
            "keep one of `ExpirationInDays` and `ExpirationDate`",
        ),
        (
            {**NO_DAYS, "ExpirationDate": "2127-01-01"},
            "CloudFormation does not accept a date in this form",
            'write "2127-01-01T00:00:00Z"',
        ),
        (
            {**NO_DAYS, "ExpirationDate": "2127-01-01T00:00:00Z"},
            "from 2127-01-01 on, every object here expires, also new ones",
            "write `ExpirationInDays` instead, or remove the rule once it has done its work",
        ),
    ],
)
def test_a_property_is_called_as_in_the_template(rule: Json, message: str, help: str) -> None:
    assert (message, help) in {(each.message, each.help) for each in found_in(rule)}
