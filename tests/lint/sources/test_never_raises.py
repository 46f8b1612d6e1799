"""Whatever stands in a template, a policy or an export, it is read without a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.lint import cloudformation_names as names
from firnline.lint.check import check_lifecycle_file

FUNCTIONS = [
    "Ref",
    "Fn::If",
    "Fn::Sub",
    "Fn::Join",
    "Fn::GetAtt",
    "Fn::Transform",
    "Fn::ForEach::A",
]
KEYS = [
    *names.RULE,
    *names.TRANSITION,
    *names.TAG,
    *FUNCTIONS,
    "ID",
    "Filter",
    "And",
    "Tags",
    "Tag",
    "Expiration",
    "Days",
    "NoncurrentDays",
    "DeleteMarker",
    "RuleFilter",
    "DaysAfterInitiation",
    "Rules",
    "rules",
    "Name",
    "Lifecycle",
    "type",
    "resource",
    "actions",
    "LifecycleConfiguration",
    "BucketName",
    "VersioningConfiguration",
]
VALUES: list[Any] = [None, True, 0, 1, 90, 1.5, "", "90", "Enabled", "GLACIER", "a/", "P", "s3"]
TEXTS = ["AWS::NoValue", "${P}", "configure-lifecycle", "absent", "{region}", "2030-01-01"]
SCALARS = st.sampled_from([*VALUES, *TEXTS, "0001-01-01T00:00:00Z"])
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=25,
)
BUCKET = "AWS::S3::Bucket"


def in_a_template(value: Any) -> Any:
    properties = {"LifecycleConfiguration": value}
    return {"Parameters": value, "Resources": {"A": {"Type": BUCKET, "Properties": properties}}}


def in_its_rules(value: Any) -> Any:
    return in_a_template({"Rules": [value, {"Fn::If": ["C", value, value]}]})


WRAPPED = {
    "a template": in_a_template,
    "rules of a template": in_its_rules,
    "properties": lambda value: {"Resources": {"A": {"Type": BUCKET, "Properties": value}}},
    "resources": lambda value: {"AWSTemplateFormatVersion": "2010-09-09", "Resources": value},
    "a policy": lambda value: {"policies": [{"resource": "s3", "actions": [value]}]},
    "its rules": lambda value: {
        "policies": [
            {"resource": "s3", "actions": [{"type": "configure-lifecycle", "rules": [value]}]}
        ]
    },
    "buckets": lambda value: [{"Name": "a", "Lifecycle": value, "Versioning": value}],
    "MinIO": lambda value: {"Rules": [{"RuleFilter": {}}, value, {"Expiration": value}]},
    "S3": lambda value: {"Rules": [value, {"Status": "Enabled", "Transition": value}]},
    "lower case": lambda value: {"rules": [value, {"status": value}]},
    "nothing around it": lambda value: value,
}


@pytest.mark.parametrize("wrap", WRAPPED.values(), ids=WRAPPED)
@given(value=ANYTHING)
def test_anything_is_read(wrap: Any, value: Any) -> None:
    for each in check_lifecycle_file(json.dumps(wrap(value)).encode(), "a.json"):
        assert each.message
        assert each.help is not None
