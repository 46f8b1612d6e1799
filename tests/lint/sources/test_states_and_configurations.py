"""State files, configurations in JSON and Cloud Control's buckets are read as plans are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firnline.diagnostics.kinds import Severity
from firnline.diagnostics.position import Span
from firnline.lint import is_lifecycle_file, is_yaml
from firnline.lint.check import check_lifecycle_file
from tests.lint.sources.terraform_files import (
    FRAMEWORK,
    LIFECYCLE,
    SDK,
    change,
    codes,
    expiration,
    filter_block,
    found_in_file,
    plan,
    resource,
    rule,
)
from tests.places import span_of

ENDS = rule(filter=filter_block(prefix="tmp/"), expiration=expiration(days=30))
EARLY = rule(
    expiration=expiration(days=30),
    transition=[{"date": None, "days": 90, "storage_class": "GLACIER"}],
)


def state_file(*resources: dict[str, Any], **members: Any) -> dict[str, Any]:
    head = {"version": 4, "terraform_version": "1.9.8", "serial": 7, "lineage": "4c5d"}
    return {**head, "outputs": {}, "resources": list(resources), **members}


def kept(type: str, name: str, *instances: Any, **members: Any) -> dict[str, Any]:
    listed = [{"schema_version": FRAMEWORK, **each} for each in instances]
    return {"mode": "managed", "type": type, "name": name, "instances": listed, **members}


def test_a_state_file_names_modules_and_keys_as_terraform_does() -> None:
    instances = [
        {"index_key": "a", "attributes": {"bucket": "a", "rule": [EARLY]}},
        {"index_key": "b", "attributes": {"bucket": "b", "rule": [EARLY]}, "deposed": "0f1e"},
    ]
    document = state_file(kept(LIFECYCLE, "this", *instances, module='module.store["eu"]'))
    found = found_in_file(document, path="terraform.tfstate")
    address = f'module.store["eu"].{LIFECYCLE}.this["a"]'
    assert found[0].kind.code == "FL233"
    assert {each.about for each in found} == {f'{address} rule "expire"'}


def test_a_state_file_tells_versioning_by_the_name_of_the_bucket() -> None:
    versioning = [{"status": "Enabled", "mfa_delete": ""}]
    document = state_file(
        kept(LIFECYCLE, "logs", {"attributes": {"bucket": "lake", "rule": [ENDS]}}),
        kept(
            "aws_s3_bucket_versioning",
            "lake",
            {"attributes": {"bucket": "lake", "versioning_configuration": versioning}},
        ),
    )
    (found,) = found_in_file(document)
    assert (found.kind.code, found.severity) == ("FL310", Severity.ERROR)


@pytest.mark.parametrize("schema_version", [SDK, FRAMEWORK])
def test_a_state_file_tells_which_provider_wrote_it(schema_version: int) -> None:
    both = {"prefix": "tmp/", "object_size_greater_than": 0, "tags": {"a": "b"}}
    written = rule(
        filter=filter_block(**{"and": [both]}),
        abort_incomplete_multipart_upload=[{"days_after_initiation": 0}],
        noncurrent_version_expiration=[{"noncurrent_days": 7}],
        expiration=expiration(expired_object_delete_marker=True),
    )
    attributes = {"bucket": "lake", "rule": [written]}
    instance = {"schema_version": schema_version, "attributes": attributes}
    expected = {SDK: {"FL225"}, FRAMEWORK: {"FL225", "FL229"}}
    assert set(codes(state_file(kept(LIFECYCLE, "x", instance)))) == expected[schema_version]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (state_file(), "FL247"),
        (state_file(kept(LIFECYCLE, "x", {"attributes": {"rule": [{}]}}, mode="data")), "FL247"),
        (state_file(version=3), "FL239"),
    ],
    ids=["empty", "data sources alone", "a noncurrent version"],
)
def test_a_state_file_without_rules_says_so(document: dict[str, Any], code: str) -> None:
    assert codes(document) == [code]


@pytest.mark.parametrize("path", ["a.tfstate", "terraform.tfstate.backup", "main.tf.json"])
def test_the_files_are_known_by_their_names(path: str) -> None:
    assert is_lifecycle_file(path, b"{}")
    assert not is_yaml(path, b"{}")


def configuration(rules: Any, version: str | None = "~> 6.0", **arguments: Any) -> dict[str, Any]:
    """As CDK for Terraform and people write it."""
    required = {"aws": {"source": "hashicorp/aws", "version": version}} if version else {}
    body = {"bucket": "lake", "rule": rules, **arguments}
    return {
        "terraform": {"required_providers": required},
        "resource": {LIFECYCLE: {"logs": body}},
    }


def in_configuration(rules: Any, **arguments: Any) -> list[str]:
    return codes(configuration(rules, **arguments), path="main.tf.json")


BARE = {
    "id": "old",
    "status": "Enabled",
    "filter": {"prefix": "tmp/"},
    "expiration": {"days": 30},
    "noncurrent_version_expiration": {"noncurrent_days": 7},
}


EARLY_BARE = {**BARE, "transition": {"days": 60, "storage_class": "GLACIER"}}


@pytest.mark.parametrize("rules", [BARE, [BARE], [{**BARE, "filter": [{"prefix": "tmp/"}]}]])
def test_blocks_in_json_are_objects_or_lists(rules: Any) -> None:
    assert in_configuration(rules) == []
    assert in_configuration({**BARE, "expiration": {"days": "${var.days}"}}) == ["FL246"]


def test_a_wrong_value_in_json_is_pointed_at() -> None:
    text = json.dumps(configuration({**BARE, "transition": {"days": 60, "storage_class": "COLD"}}))
    found = [
        each
        for each in found_in_file(json.loads(text), path="main.tf.json")
        if each.kind.code == "FL231"
    ]
    assert [each.about for each in found] == [f'{LIFECYCLE}.logs rule "old"']


@pytest.mark.parametrize(
    ("rules", "arguments", "causes"),
    [
        ({**BARE, "filter": {"prefix": "${var.team}/tmp/"}}, {}, 1),
        ({**BARE, "id": "%{ if var.x }a%{ endif }", "status": "${var.status}"}, {}, 2),
        ({**BARE, "dynamic": {"transition": {"for_each": "${var.x}", "content": {}}}}, {}, 1),
        ("${var.rules}", {}, 1),
        ([], {"dynamic": {"rule": {"for_each": "${var.rules}", "content": {}}}}, 1),
    ],
    ids=["a prefix", "an id and a status", "a dynamic block", "all rules", "dynamic rules"],
)
def test_expressions_in_json_are_not_known(
    rules: Any, arguments: dict[str, Any], causes: int
) -> None:
    assert in_configuration(rules, **arguments) == ["FL246"] * causes


@pytest.mark.parametrize("literal", [EARLY_BARE, [EARLY_BARE]], ids=["a block", "a list"])
@pytest.mark.parametrize("listed", [False, True])
def test_a_rule_beside_dynamic_ones_is_judged(literal: Any, listed: bool) -> None:
    dynamic: Any = {"rule": {"for_each": "${var.rules}", "content": {}}}
    document = configuration(literal, dynamic=[dynamic] if listed else dynamic)
    found = {each.kind.code: each for each in found_in_file(document, path="main.tf.json")}
    assert set(found) == {"FL246", "FL233"}
    assert found["FL246"].message == '`rule`: made by `dynamic "rule"`'
    assert found["FL233"].about == f'{LIFECYCLE}.logs rule "old"'


def test_the_dynamic_rules_are_shown_where_they_are_made() -> None:
    dynamic = {"rule": {"for_each": "${var.rules}", "content": {}}}
    (found,) = found_in_file(configuration(BARE, dynamic=dynamic), path="main.tf.json")
    place = span_of(found)
    assert place.source.text[: place.start].count('"dynamic"') == 1
    assert place.source.text[place.start :].startswith('"rule"')


def test_an_escaped_expression_is_a_text() -> None:
    assert in_configuration({**BARE, "filter": {"prefix": "$${x}/tmp/"}}) == []


def test_which_bucket_in_json() -> None:
    document = configuration(
        {name: value for name, value in BARE.items() if not name.startswith("noncurrent")},
        bucket="${aws_s3_bucket.lake.id}",
    )
    document["resource"]["aws_s3_bucket_versioning"] = {
        "lake": {
            "bucket": "${aws_s3_bucket.lake.bucket}",
            "versioning_configuration": {"status": "Enabled"},
        }
    }
    (found,) = found_in_file(document, path="main.tf.json")
    assert (found.kind.code, found.severity) == ("FL310", Severity.ERROR)


def test_a_configuration_without_rules_says_so() -> None:
    assert codes({"resource": {"aws_s3_bucket": {"x": {}}}}) == ["FL247"]
    assert codes({"locals": {}}, path="x.tf.json") == ["FL247"]


CLOUD_CONTROL = "awscc_s3_bucket.lake"


def cloud_control(*rules: Any, unknown: Any = None, **members: Any) -> dict[str, Any]:
    lifecycle: dict[str, Any] = {}
    if rules:
        lifecycle["lifecycle_configuration"] = {"rules": list(rules)}
    return plan(
        resource(CLOUD_CONTROL, bucket_name="lake", **lifecycle, **members),
        resource_changes=[change(CLOUD_CONTROL, "create", after_unknown=unknown or {})],
    )


SNAKE = {
    "id": "old",
    "status": "Enabled",
    "prefix": "tmp/",
    "expiration_in_days": 30,
    "noncurrent_version_expiration": {"noncurrent_days": 7, "newer_noncurrent_versions": None},
    "object_size_greater_than": None,
    "tag_filters": None,
}


def test_the_rules_of_cloud_control_are_those_of_cloudformation() -> None:
    assert codes(cloud_control(SNAKE)) == []
    early = {
        **SNAKE,
        "object_size_greater_than": "500",
        "transitions": [{"transition_in_days": 60, "storage_class": "GLACIER"}],
    }
    found, *_ = found_in_file(cloud_control(early))
    assert (found.kind.code, found.about) == ("FL233", f'{CLOUD_CONTROL} rule "old"')


def test_what_cloud_control_computes_of_what_nobody_set_is_not_open() -> None:
    unknown = {"lifecycle_configuration": {"rules": [{"expiration_date": True, "prefix": False}]}}
    assert codes(cloud_control(SNAKE, unknown=unknown)) == []
    assert codes(cloud_control(unknown={"lifecycle_configuration": True})) == ["FL247"]


def test_cloud_control_tells_versioning() -> None:
    ends = {name: value for name, value in SNAKE.items() if not name.startswith("noncurrent")}
    (found,) = found_in_file(cloud_control(ends, versioning_configuration={"status": "Enabled"}))
    assert (found.kind.code, found.severity) == ("FL310", Severity.ERROR)


def test_a_single_block_in_json_is_pointed_at_without_a_number() -> None:
    early = {**BARE, "transition": {"days": 60, "storage_class": "GLACIER"}}
    text = json.dumps(configuration(early))
    (found,) = check_lifecycle_file(text.encode(), "main.tf.json")
    ((other, _),) = found.also
    assert isinstance(found.place, Span)
    assert isinstance(other, Span)
    assert (found.place.named, other.named) == ("expiration.days", "transition.days")
    assert text[other.start : other.end] == "60"
