"""Values that are not known until a plan is applied: no finding depends on them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.diagnostics.kinds import Severity
from firnline.lint.check import check_lifecycle_file

RULE = {
    "id": "expire",
    "status": "Enabled",
    "filter": [{"prefix": "runs/"}],
    "transition": [{"days": 30, "storage_class": "STANDARD_IA"}],
    "expiration": [{"days": 90}],
    "noncurrent_version_expiration": [{"noncurrent_days": 7}],
    "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}],
}
LEAVES = [
    ("filter", "prefix"),
    ("transition", "days"),
    ("transition", "storage_class"),
    ("expiration", "days"),
    ("noncurrent_version_expiration", "noncurrent_days"),
    ("abort_incomplete_multipart_upload", "days_after_initiation"),
]
ADDRESS = "aws_s3_bucket_lifecycle_configuration.runs"


def plan(rule: dict[str, Any], unknown: dict[str, Any]) -> bytes:
    values = {"bucket": "lab", "rule": [rule]}
    resource = {"address": ADDRESS, "type": ADDRESS.split(".")[0], "values": values}
    change = {"actions": ["create"], "after_unknown": {"rule": [unknown]}}
    document = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [resource]}},
        "resource_changes": [{"address": ADDRESS, "change": change}],
    }
    return json.dumps(document).encode()


def without(rule: dict[str, Any], leaves: list[tuple[str, str]]) -> bytes:
    """The plan in which those values are not known."""
    left = copy.deepcopy(rule)
    unknown: dict[str, Any] = {}
    for block, name in leaves:
        del left[block][0][name]
        unknown.setdefault(block, [{}])[0][name] = True
    return plan(left, unknown)


def codes(content: bytes) -> list[str]:
    return [each.kind.code for each in check_lifecycle_file(content, "plan.json")]


@given(st.lists(st.sampled_from(LEAVES), min_size=1, unique=True))
def test_whatever_is_not_known_of_a_good_rule_is_said_and_is_no_fault(
    leaves: list[tuple[str, str]],
) -> None:
    (found,) = check_lifecycle_file(without(RULE, leaves), "plan.json")
    assert (found.kind.code, found.severity) == ("FL246", Severity.NOTE)
    assert "known only after `terraform apply`" in found.message
    assert found.about is not None
    assert found.about.startswith(ADDRESS)


def test_a_rule_with_an_unknown_prefix_does_not_expire_the_whole_bucket() -> None:
    assert codes(without(RULE, [("filter", "prefix")])) == ["FL246"]


@pytest.mark.parametrize("leaf", LEAVES[:1] + LEAVES[4:])
def test_what_is_wrong_whatever_is_unknown_is_still_found(leaf: tuple[str, str]) -> None:
    wrong = {**RULE, "expiration": [{"days": 10}]}
    assert set(codes(without(wrong, [leaf]))) == {"FL233", "FL246"}


def template(*rules: Any) -> bytes:
    lifecycle = {"Rules": list(rules)}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"LifecycleConfiguration": lifecycle}}
    return json.dumps({"Resources": {"Lake": bucket}}).encode()


def named_in(content: bytes) -> list[str]:
    return [each.message.split("`")[1] for each in check_lifecycle_file(content, "t.json")]


@pytest.mark.parametrize("values", [{"Ref": "A"}, {"Fn::If": ["C", {"Ref": "A"}, {"Ref": "A"}]}])
def test_a_whole_rule_that_is_not_known_has_a_name(values: Any) -> None:
    (name,) = named_in(template(values))
    assert name in ("Rules", "Rules[0]")
