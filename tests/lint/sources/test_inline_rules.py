"""`lifecycle_rule` blocks in `aws_s3_bucket`, as providers before 4.0 had them alone."""

from __future__ import annotations

from typing import Any

import pytest

from firnline.lint.sources.terraform.inline import read_inline_rule
from tests.lint.sources.terraform_files import (
    LIFECYCLE,
    change,
    codes,
    expiration,
    filter_block,
    found_in_file,
    lifecycle,
    plan,
    resource,
    rule,
)

BUCKET = "aws_s3_bucket.lake"
NOTHING = {"ExpiredObjectDeleteMarker": False}


def inline(**members: Any) -> dict[str, Any]:
    return {
        "id": "old",
        "enabled": True,
        "prefix": None,
        "tags": None,
        "abort_incomplete_multipart_upload_days": None,
        "expiration": [],
        "transition": [],
        "noncurrent_version_expiration": [],
        "noncurrent_version_transition": [],
        **members,
    }


def bucket(*rules: Any, **values: Any) -> dict[str, Any]:
    return resource(BUCKET, 0, bucket="lake", lifecycle_rule=list(rules), **values)


@pytest.mark.parametrize(
    ("members", "sent"),
    [
        ({}, {"Filter": {"Prefix": ""}, "Expiration": NOTHING}),
        ({"enabled": False}, {"Status": "Disabled", "Filter": {"Prefix": ""}}),
        ({"prefix": "a/"}, {"Filter": {"Prefix": "a/"}}),
        ({"id": ""}, {"ID": None}),
        (
            {"tags": {"k": "v", "aws:x": "y"}},
            {"Filter": {"And": {"Prefix": "", "Tags": [{"Key": "k", "Value": "v"}]}}},
        ),
        (
            {"expiration": expiration(date="2030-01-01", days=3)},
            {"Expiration": {"Date": "2030-01-01T00:00:00Z"}},
        ),
        (
            {"expiration": expiration(days=3, expired_object_delete_marker=True)},
            {"Expiration": {"Days": 3}},
        ),
        (
            {"expiration": expiration(days=0, expired_object_delete_marker=True)},
            {"Expiration": {"ExpiredObjectDeleteMarker": True}},
        ),
        (
            {"transition": [{"date": "", "days": None, "storage_class": "GLACIER"}]},
            {"Transitions": [{"Days": 0, "StorageClass": "GLACIER"}], "Expiration": None},
        ),
        (
            {"noncurrent_version_transition": [{"days": 9, "storage_class": "GLACIER"}]},
            {"NoncurrentVersionTransitions": [{"NoncurrentDays": 9, "StorageClass": "GLACIER"}]},
        ),
        (
            {"noncurrent_version_expiration": [{"days": 9}]},
            {"NoncurrentVersionExpiration": {"NoncurrentDays": 9}, "Expiration": None},
        ),
        (
            {"abort_incomplete_multipart_upload_days": 5},
            {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 5}, "Expiration": None},
        ),
        ({"abort_incomplete_multipart_upload_days": 0}, {"Expiration": NOTHING}),
    ],
)
def test_the_blocks_are_sent_in_the_newer_form(
    members: dict[str, Any], sent: dict[str, Any]
) -> None:
    shape = read_inline_rule(inline(**members), ()).shape
    assert {name: shape.get(name) for name in sent} == sent


def test_what_s3_refuses_of_them_is_found_and_named() -> None:
    early = inline(
        expiration=expiration(days=30),
        transition=[{"date": "", "days": 90, "storage_class": "GLACIER"}],
    )
    found, *_ = found_in_file(plan(bucket(early)))
    assert (found.kind.code, found.about) == ("FL233", f'{BUCKET} rule "old"')


@pytest.mark.parametrize(
    ("enabled", "expected"), [(True, ["FL310"]), (False, ["FL310"]), (None, ["FL310"])]
)
def test_versioning_in_the_bucket_is_read(enabled: bool | None, expected: list[str]) -> None:
    ends = inline(prefix="tmp/", expiration=expiration(days=30))
    said = [] if enabled is None else [{"enabled": enabled, "mfa_delete": False}]
    (found,) = found_in_file(plan(bucket(ends, versioning=said)))
    assert [found.kind.code] == expected
    assert any("is not known" in note for note in found.notes) is not enabled


COMPUTED = change(
    BUCKET, "create", after_unknown={"lifecycle_rule": True, "versioning": True, "id": True}
)


def test_rules_that_every_new_bucket_computes_are_none() -> None:
    """From 4.9 on the argument is also an attribute that S3 decides."""
    new = resource(BUCKET, 0, bucket="lake")
    assert codes(plan(new, resource_changes=[COMPUTED])) == ["FL247"]


def test_rules_that_are_written_and_not_known_yet_are_said() -> None:
    new = resource(BUCKET, 0, bucket="lake")
    written = {"resources": [{"address": BUCKET, "expressions": {"lifecycle_rule": [{}]}}]}
    document = plan(new, resource_changes=[COMPUTED], configuration={"root_module": written})
    assert codes(document) == ["FL246"]


MIRRORED = inline(prefix="logs/", expiration=expiration(days=0))
GOVERNS = lifecycle(
    rule(
        filter=filter_block(prefix="logs/"),
        expiration=expiration(days=30),
        noncurrent_version_expiration=[{"noncurrent_days": 7}],
    ),
    bucket="lake",
)


def test_rules_that_only_repeat_those_of_their_own_resource_are_not_judged_twice() -> None:
    assert codes(plan(bucket(MIRRORED), GOVERNS)) == []


def test_rules_in_the_bucket_and_in_a_resource_of_their_own_fight() -> None:
    written = {"resources": [{"address": BUCKET, "expressions": {"lifecycle_rule": [{}]}}]}
    document = plan(bucket(MIRRORED), GOVERNS, configuration={"root_module": written})
    (found,) = (each for each in found_in_file(document) if each.kind.code == "FL251")
    assert found.about == BUCKET
    assert f"`{LIFECYCLE}.logs` sets the rules of bucket `lake` too" in found.message
