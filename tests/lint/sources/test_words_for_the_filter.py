"""S3's message names a rule's filter only where the file tells it."""

from __future__ import annotations

from typing import Any

import pytest

from firnline.lint.check import check_lifecycle_file
from tests.lint.sources.terraform_files import codes, found_in_file

MOVED_AFTER_THE_END = {
    "id": "r",
    "status": "Enabled",
    "expiration": {"days": 3},
    "transition": [{"days": 30, "storage_class": "GLACIER"}],
}


def configuration(version: str | None = None, **members: Any) -> dict[str, Any]:
    """In Terraform's JSON syntax."""
    rule = {**MOVED_AFTER_THE_END, **members}
    resource = {"x": {"bucket": "acme", "rule": rule}}
    providers = {"aws": {"source": "hashicorp/aws", "version": version}} if version else {}
    return {
        "terraform": {"required_providers": providers},
        "resource": {"aws_s3_bucket_lifecycle_configuration": resource},
    }


def answer(document: Any) -> str:
    found = found_in_file(document, path="main.tf.json")
    return next(note for each in found if each.kind.code == "FL233" for note in each.notes)


@pytest.mark.parametrize(
    ("members", "quoted"),
    [
        ({"filter": {"prefix": "${var.p}"}}, "for filter '(…)' must"),
        ({"filter": "${var.f}"}, "for filter '(…)' must"),
        ({}, "for filter '(…)' must"),
        ({"filter": {"prefix": "a/"}}, "for filter '(prefix=a/)' must"),
    ],
)
def test_of_a_filter_that_is_not_known_nothing_is_invented(
    members: dict[str, Any], quoted: str
) -> None:
    assert quoted in answer(configuration(**members))


def test_an_unknown_tag_is_not_quoted() -> None:
    template = b"""\
Resources:
  B:
    Type: AWS::S3::Bucket
    Properties:
      LifecycleConfiguration:
        Rules:
          - Status: Enabled
            TagFilters: [{Key: a, Value: !GetAtt X.Y}]
            ExpirationInDays: 3
            Transitions: [{TransitionInDays: 30, StorageClass: GLACIER}]
"""
    (note,) = (
        note
        for each in check_lifecycle_file(template, "t.yaml")
        if each.kind.code == "FL233"
        for note in each.notes
    )
    assert "filter '(…)'" in note


@pytest.mark.parametrize("scope", [{}, {"filter": {}}])
@pytest.mark.parametrize("version", [None, ">= 4.0", "~> 4.0", "~> 5.0", "~> 6.0"])
def test_every_version_of_the_provider_sends_a_rule_without_filter_for_the_whole_bucket(
    version: str | None, scope: dict[str, Any]
) -> None:
    rule = {"transition": [], **scope}
    assert codes(configuration(version, **rule), path="main.tf.json") == ["FL240", "FL310"]


def test_a_constraint_leaves_one_version_whose_words_are_known() -> None:
    assert "for filter '()' must" in answer(configuration("~> 6.0"))
    assert "for filter '(prefix=)' must" in answer(configuration("~> 4.0"))


def test_a_preview_whose_provider_is_not_stated_still_shows_what_ends_the_whole_bucket() -> None:
    type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    rule = {"id": "r", "status": "Enabled", "expiration": {"days": 3}}
    state = {
        "urn": f"urn:pulumi:prod::lake::{type}::x",
        "custom": True,
        "type": type,
        "inputs": {"bucket": "acme", "rules": [rule]},
    }
    step = {"op": "create", "urn": state["urn"], "newState": state}
    preview = {"config": {}, "steps": [step], "changeSummary": {"create": 1}}
    assert codes(preview, path="preview.json") == ["FL240", "FL310"]
