"""Each generation of the AWS provider is taken to send what its code sends."""

from __future__ import annotations

from typing import Any

import pytest

from firnline.lint import Circumstances
from firnline.lint.sources.terraform.rule import read_rule
from firnline.s3.terms import Versioning
from firnline.s3.terraform_provider import (
    FRAMEWORK as FRAMEWORK_SENDS,
)
from firnline.s3.terraform_provider import (
    GENERATIONS,
    PLUGIN_SDK_AND_SDK_1,
    PLUGIN_SDK_AND_SDK_2,
    Sends,
    generations,
)
from tests.lint.sources.terraform_files import (
    FRAMEWORK,
    SDK,
    codes,
    expiration,
    filter_block,
    found_in_file,
    lifecycle,
    plan,
    rule,
    state,
)

VERSIONED = Circumstances(versioning=Versioning.ENABLED)
SENT_BY = {
    "4.x": (PLUGIN_SDK_AND_SDK_1,),
    "5.x before 5.86": (PLUGIN_SDK_AND_SDK_2,),
    "5.86 and later": (FRAMEWORK_SENDS,),
}


def sent(by: tuple[Sends, ...], **members: Any) -> dict[str, Any]:
    shape = dict(read_rule(rule(**members), (), by).shape)
    assert shape.pop("ID") == "expire"
    assert shape.pop("Status") == "Enabled"
    return shape


@pytest.mark.parametrize("prefix", [None, ""])
@pytest.mark.parametrize(
    ("version", "filter"),
    [("4.x", {"Prefix": ""}), ("5.x before 5.86", {"Prefix": ""}), ("5.86 and later", {})],
)
def test_without_filter_and_prefix_a_filter_for_the_whole_bucket_is_sent(
    version: str, filter: dict[str, Any], prefix: str | None
) -> None:
    assert sent(SENT_BY[version], prefix=prefix) == {"Filter": filter}


@pytest.mark.parametrize(
    ("version", "filter"),
    [("4.x", {}), ("5.x before 5.86", {"Prefix": ""}), ("5.86 and later", {"Prefix": ""})],
)
def test_an_empty_filter_block_selects_the_whole_bucket(
    version: str, filter: dict[str, Any]
) -> None:
    assert sent(SENT_BY[version], filter=filter_block()) == {"Filter": filter}
    assert sent(SENT_BY[version], filter=[None]) == {"Filter": filter}


@pytest.mark.parametrize("version", SENT_BY)
def test_a_prefix_of_the_rule_is_sent_as_it_is(version: str) -> None:
    assert sent(SENT_BY[version], prefix="logs/") == {"Prefix": "logs/"}


@pytest.mark.parametrize(
    ("version", "scope"),
    [
        ("4.x", {"Filter": {"Prefix": "a/"}}),
        ("5.x before 5.86", {"Filter": {"Prefix": "a/"}}),
        ("5.86 and later", {"Filter": {"Prefix": "a/"}, "Prefix": "b/"}),
    ],
)
def test_only_the_framework_sends_both_a_filter_and_a_prefix(
    version: str, scope: dict[str, Any]
) -> None:
    assert sent(SENT_BY[version], filter=filter_block(prefix="a/"), prefix="b/") == scope


@pytest.mark.parametrize(
    ("version", "filter"),
    [
        ("4.x", {"Prefix": "a/", "ObjectSizeGreaterThan": 5}),
        ("5.x before 5.86", {"ObjectSizeGreaterThan": 5}),
        ("5.86 and later", {"Prefix": "a/", "ObjectSizeGreaterThan": 5}),
    ],
)
def test_of_several_predicates_all_or_the_last_are_sent(
    version: str, filter: dict[str, Any]
) -> None:
    both = filter_block(prefix="a/", object_size_greater_than="5")
    assert sent(SENT_BY[version], filter=both) == {"Filter": filter}


@pytest.mark.parametrize(
    ("version", "lower"),
    [("4.x", {}), ("5.x before 5.86", {}), ("5.86 and later", {"ObjectSizeGreaterThan": 0})],
)
def test_zero_as_lower_bound_beside_others_is_sent_by_the_framework_alone(
    version: str, lower: dict[str, int]
) -> None:
    sizes = {"object_size_greater_than": 0, "object_size_less_than": 0}
    both = {**sizes, "prefix": "a/", "tags": {"class": "tmp", "aws:created": "no"}}
    tags = [{"Key": "class", "Value": "tmp"}]
    joined = {"Prefix": "a/", "Tags": tags, **lower}
    assert sent(SENT_BY[version], filter=filter_block(**{"and": [both]})) == {
        "Filter": {"And": joined}
    }


@pytest.mark.parametrize("version", SENT_BY)
def test_one_predicate_in_and_is_sent_with_an_empty_prefix(version: str) -> None:
    tag = {"Key": "a", "Value": "b"}
    planned = {"prefix": None, "object_size_greater_than": None, "tags": {"a": "b"}}
    both = filter_block(**{"and": [planned]})
    assert sent(SENT_BY[version], filter=both) == {"Filter": {"And": {"Prefix": "", "Tags": [tag]}}}


@pytest.mark.parametrize("version", SENT_BY)
@pytest.mark.parametrize(
    ("block", "member"),
    [
        ({}, {"ExpiredObjectDeleteMarker": False}),
        ({"days": 0}, {"ExpiredObjectDeleteMarker": False}),
        ({"days": 0, "date": "", "expired_object_delete_marker": False}, None),
        ({"days": 0, "expired_object_delete_marker": True}, {"ExpiredObjectDeleteMarker": True}),
        ({"days": 9, "expired_object_delete_marker": False}, {"Days": 9}),
        ({"days": 9, "expired_object_delete_marker": True}, {"Days": 9}),
        ({"days": 0, "date": "2030-01-01T00:00:00Z"}, {"Date": "2030-01-01T00:00:00Z"}),
    ],
)
def test_zero_days_are_no_days_and_the_marker_goes_alone(
    version: str, block: dict[str, Any], member: dict[str, Any] | None
) -> None:
    nothing = {"ExpiredObjectDeleteMarker": False}
    shape = sent(SENT_BY[version], prefix="a/", expiration=expiration(**block))
    assert shape == {"Prefix": "a/", "Expiration": nothing if member is None else member}


@pytest.mark.parametrize("version", SENT_BY)
@pytest.mark.parametrize("days", [None, 0])
def test_a_transition_without_days_is_sent_with_zero(version: str, days: int | None) -> None:
    moves = [{"date": None, "days": days, "storage_class": "GLACIER"}]
    assert sent(SENT_BY[version], prefix="a/", transition=moves)["Transitions"] == [
        {"Days": 0, "StorageClass": "GLACIER"}
    ]


@pytest.mark.parametrize(
    ("version", "member"),
    [
        ("4.x", {}),
        ("5.x before 5.86", {}),
        ("5.86 and later", {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 0}}),
    ],
)
def test_only_the_framework_sends_an_abort_after_zero_days(
    version: str, member: dict[str, Any]
) -> None:
    abort = [{"days_after_initiation": 0}]
    shape = sent(SENT_BY[version], prefix="a/", abort_incomplete_multipart_upload=abort)
    assert shape == {"Prefix": "a/", **member}


def test_an_id_of_digits_stays_text_and_an_absent_one_is_left_to_s3() -> None:
    assert read_rule(rule(id="2024"), (), GENERATIONS[:1]).shape["ID"] == "2024"
    assert "ID" not in read_rule(rule(id=""), (), GENERATIONS[:1]).shape


@pytest.mark.parametrize(
    ("schema_version", "constraint", "expected"),
    [
        (1, None, (FRAMEWORK_SENDS,)),
        (0, None, (PLUGIN_SDK_AND_SDK_1, PLUGIN_SDK_AND_SDK_2)),
        (0, "~> 4.9", (PLUGIN_SDK_AND_SDK_1,)),
        (0, "~> 4", (PLUGIN_SDK_AND_SDK_1,)),
        (None, "~> 5", GENERATIONS),
        (0, ">= 4.0, < 5.0.0", (PLUGIN_SDK_AND_SDK_1,)),
        (None, "~> 6.0", (FRAMEWORK_SENDS,)),
        (None, ">= 5.90", (FRAMEWORK_SENDS,)),
        (None, "~> 5.31.0", (PLUGIN_SDK_AND_SDK_1, PLUGIN_SDK_AND_SDK_2)),
        (None, "5.86.0", (FRAMEWORK_SENDS,)),
        (None, "~> 5.0", GENERATIONS),
        (None, None, GENERATIONS),
        (None, "!= 5.0", GENERATIONS),
    ],
)
def test_the_generation_is_known_by_the_schema_and_the_constraint(
    schema_version: object, constraint: str | None, expected: tuple[Sends, ...]
) -> None:
    assert generations(schema_version, constraint) == expected


@pytest.mark.parametrize("schema_version", [SDK, FRAMEWORK])
@pytest.mark.parametrize("document", [plan, state])
def test_the_first_example_of_the_provider_has_nothing_that_s3_refuses(
    document: Any, schema_version: int
) -> None:
    """Rules with neither filter nor prefix, and days of 0 beside the marker."""
    ends = rule(
        expiration=expiration(days=0, expired_object_delete_marker=True),
        noncurrent_version_expiration=[{"newer_noncurrent_versions": 2, "noncurrent_days": 90}],
        abort_incomplete_multipart_upload=[{"days_after_initiation": 10}],
    )
    assert codes(document(lifecycle(ends, schema_version=schema_version)), VERSIONED) == []


@pytest.mark.parametrize("members", [{}, {"days": 0}, {"expired_object_delete_marker": False}])
def test_a_rule_of_which_nothing_is_sent_does_nothing(members: dict[str, Any]) -> None:
    empty = rule(filter=filter_block(prefix="a/"), expiration=expiration(**members))
    (found,) = found_in_file(plan(lifecycle(empty)))
    assert found.kind.code == "FL256"
    assert "the provider sends" in found.message
    others = {"abort_incomplete_multipart_upload": [{"days_after_initiation": 7}]}
    assert codes(plan(lifecycle({**empty, **others}))) == []


def test_what_depends_on_the_version_is_said_and_not_judged() -> None:
    """Two predicates without `and`: refused or widened, by the version."""
    unclear = rule(
        filter=filter_block(prefix="a/", object_size_greater_than="5"),
        expiration=expiration(days=7),
        noncurrent_version_expiration=[{"noncurrent_days": 7}],
    )
    of_sdk = lifecycle(unclear, schema_version=SDK)
    assert codes(plan(of_sdk)) == ["FL246"]
    pinned = {"provider_config": {"aws": {"name": "aws", "version_constraint": "~> 4.0"}}}
    assert codes(plan(of_sdk, configuration=pinned)) == ["FL223"]
    assert codes(plan(lifecycle(unclear))) == ["FL223"]
