"""What Pulumi previews and what its stacks hold is read as its AWS provider sends it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firnline.diagnostics.kinds import Severity
from firnline.lint.sources.pulumi.spelling import arguments, in_pulumi
from firnline.lint.sources.read import read_file
from tests.lint.sources.terraform_files import codes, found_in_file

STACK = "urn:pulumi:prod::lake"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
PROVIDER = f"{STACK}::pulumi:providers:aws::default_7_51_0::{UNKNOWN}"
GOOD = {
    "__defaults": [],
    "id": "old",
    "status": "Enabled",
    "filter": {"__defaults": [], "prefix": "tmp/"},
    "expiration": {"__defaults": [], "days": 30},
    "noncurrentVersionExpiration": {"noncurrentDays": 7},
}
EARLY = {**GOOD, "transitions": [{"days": 60, "storageClass": "GLACIER"}]}
ENDS = {name: value for name, value in GOOD.items() if not name.startswith("noncurrent")}


def urn(type: str, name: str) -> str:
    return f"{STACK}::{type}::{name}"


def resource(type: str, name: str = "lake", **members: Any) -> dict[str, Any]:
    """As in a stack; `inputs` and what else there is."""
    state = {"urn": urn(type, name), "custom": True, "type": type.rpartition("$")[2]}
    return {**state, "provider": PROVIDER, **members}


def lifecycle(*rules: Any, name: str = "lake", **members: Any) -> dict[str, Any]:
    inputs = {"__defaults": [], "bucket": UNKNOWN, "rules": list(rules)}
    return resource(LIFECYCLE, name, inputs=inputs, **members)


def stack(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"version": 3, "deployment": {"manifest": {}, "resources": list(resources)}}


def preview(*resources: dict[str, Any], **members: Any) -> dict[str, Any]:
    steps = [{"op": "create", "urn": each["urn"], "newState": each} for each in resources]
    return {"config": {}, "steps": steps, "changeSummary": {"create": len(steps)}, **members}


BOTH = pytest.mark.parametrize("document", [preview, stack])


@BOTH
def test_good_rules_have_nothing_wrong(document: Any) -> None:
    abort = {"abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}
    assert codes(document(lifecycle({**GOOD, **abort}))) == []


@BOTH
def test_what_s3_refuses_is_pointed_at_and_named(document: Any) -> None:
    component = "acme:storage:Lake$" + LIFECYCLE
    inputs = {"bucket": "lake", "rules": [EARLY]}
    (found,) = found_in_file(document(resource(component, inputs=inputs)))
    assert found.kind.code == "FL233"
    assert found.about == 'Lake/BucketLifecycleConfiguration "lake" rule "old"'
    assert str(found.place).startswith("plan.json:")
    assert "Pulumi's AWS provider" in found.notes[0]


@pytest.mark.parametrize("type", [LIFECYCLE, LIFECYCLE.replace("Configuration", "ConfigurationV2")])
def test_a_rule_without_a_filter_selects_the_whole_bucket(type: str) -> None:
    rule = {**GOOD, "filter": None}
    assert codes(stack(resource(type, inputs={"bucket": "b", "rules": [rule]}))) == ["FL240"]


@pytest.mark.parametrize(
    "rule",
    [
        {**GOOD, "filter": {"prefix": UNKNOWN}},
        {**GOOD, "expiration": {"days": UNKNOWN}},
        {**GOOD, "transitions": UNKNOWN},
        {**GOOD, "filter": {"and": {"prefix": "tmp/", "tags": {"kind": UNKNOWN}}}},
    ],
)
def test_what_is_known_only_after_up_is_not_assumed(rule: dict[str, Any]) -> None:
    (found,) = found_in_file(preview(lifecycle(rule)))
    assert found.kind.code == "FL246"
    assert "known only after `pulumi up`" in found.message
    assert codes(preview(resource(LIFECYCLE, inputs={"bucket": "b", "rules": UNKNOWN}))) == [
        "FL246"
    ]


SIGNATURE = "4dabf18193072939515e22adb298388d"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ({"ciphertext": "v1:…"}, ["FL246"]),
        ({"plaintext": '"tmp/"'}, []),
        ({"plaintext": "{"}, ["FL246"]),
    ],
)
def test_a_secret_is_not_known_unless_it_is_shown(
    shown: dict[str, str], expected: list[str]
) -> None:
    secret = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", **shown}
    assert codes(stack(lifecycle({**GOOD, "filter": {"prefix": secret}}))) == expected


def versioned(name: str, **members: Any) -> dict[str, Any]:
    inputs = {"bucket": UNKNOWN, "versioningConfiguration": {"status": "Enabled"}}
    return resource(VERSIONING, name, inputs=inputs, **members)


@pytest.mark.parametrize(
    ("of", "severity"), [("lake", Severity.ERROR), ("other", Severity.WARNING)]
)
@pytest.mark.parametrize("by", ["propertyDependencies", "dependencies"])
def test_which_bucket_follows_from_dependencies(by: str, of: str, severity: Severity) -> None:
    def depends(name: str) -> dict[str, Any]:
        named = [urn(BUCKET, name)]
        return {by: {"bucket": named} if by == "propertyDependencies" else named}

    document = preview(
        resource(BUCKET, "lake", inputs={"bucket": UNKNOWN}),
        resource(BUCKET, "other", inputs={"bucket": UNKNOWN}),
        versioned("v", **depends(of)),
        lifecycle(ENDS, **depends("lake")),
    )
    (found,) = found_in_file(document)
    assert (found.kind.code, found.severity) == ("FL310", severity)


def test_which_bucket_follows_from_the_name_that_pulumi_made() -> None:
    document = stack(
        resource(BUCKET, inputs={}, outputs={"bucket": "lake-4f2a91c"}),
        resource(VERSIONING, inputs=versioned("v")["inputs"] | {"bucket": "lake-4f2a91c"}),
        lifecycle(ENDS, propertyDependencies={"bucket": [urn(BUCKET, "lake")]}),
    )
    (found,) = found_in_file(document)
    assert (found.kind.code, found.severity) == ("FL310", Severity.ERROR)


def test_two_resources_that_set_the_rules_of_one_bucket_are_an_error() -> None:
    inputs = {"bucket": "lake", "rules": [GOOD]}
    document = stack(
        resource(LIFECYCLE, "a", inputs=inputs), resource(LIFECYCLE, "b", inputs=inputs)
    )
    (found,) = found_in_file(document)
    assert (found.kind.code, found.about) == ("FL251", 'BucketLifecycleConfiguration "b"')


def test_rules_in_the_bucket_itself_are_read() -> None:
    inline = {
        "enabled": True,
        "prefix": "tmp/",
        "expiration": {"days": 30},
        "transitions": [{"days": 60, "storageClass": "GLACIER"}],
    }
    inputs = {"lifecycleRules": [inline], "versioning": {"enabled": True}}
    found, *_ = found_in_file(stack(resource(BUCKET, inputs=inputs)))
    assert (found.kind.code, found.about) == ("FL233", 'Bucket "lake" rule 1')


def test_rules_of_the_native_provider_are_those_of_cloudformation() -> None:
    rule = {
        "id": "old",
        "status": "Enabled",
        "prefix": "tmp/",
        "expirationInDays": 30,
        "transitions": [{"transitionInDays": 60, "storageClass": "GLACIER"}],
    }
    inputs = {"bucketName": "lake", "lifecycleConfiguration": {"rules": [rule]}}
    found, *_ = found_in_file(stack(resource("aws-native:s3:Bucket", inputs=inputs)))
    assert (found.kind.code, found.about) == ("FL233", 'Bucket "lake" rule "old"')


def removing(*ops: str, retain: bool = False, **members: Any) -> list[str]:
    inputs = {"bucket": "lake", "rules": [GOOD]}
    old = resource(LIFECYCLE, inputs=inputs, retainOnDelete=retain)
    states = {"create-replacement": {"newState": lifecycle(GOOD)}}
    steps = [
        {
            "op": op,
            "urn": urn(LIFECYCLE, "lake"),
            **states.get(op, {"oldState": old}),
        }
        for op in ops
    ]
    found = found_in_file({"config": {}, "steps": [*steps, *members.get("more", ())]})
    return [each.message for each in found if each.kind.code == "FL252"]


def test_a_deleted_configuration_is_named() -> None:
    assert removing("delete") == ["this preview removes all lifecycle rules of bucket `lake`"]
    assert removing("delete", retain=True) == []
    assert removing("same") == []
    bucket = {"op": "delete", "oldState": resource(BUCKET, inputs={"bucket": "lake"})}
    assert removing("delete", more=[bucket]) == []


def test_a_bucket_whose_configuration_is_deleted_is_read_as_one_without_rules() -> None:
    old = resource(LIFECYCLE, inputs={"bucket": "lake", "rules": [GOOD]})
    step = {"op": "delete", "urn": urn(LIFECYCLE, "lake"), "oldState": old}
    read = read_file(json.dumps({"config": {}, "steps": [step]}).encode(), "preview.json")
    assert read.configurations == ()
    assert [each.bucket for each in read.unconfigured] == ["lake"]


def test_a_replacement_that_deletes_last_removes_the_new_rules() -> None:
    (message,) = removing("create-replacement", "delete-replaced")
    assert "deleted after the new one" in message


@BOTH
def test_where_nothing_has_rules_there_is_nothing_to_check(document: Any) -> None:
    assert codes(document(resource(BUCKET, inputs={}))) == ["FL247"]
    assert codes(document()) == ["FL247"]


@pytest.mark.parametrize(
    ("version", "sent"), [("6.50.0", []), ("7.1.0", ["FL223"]), ("5.43.0", ["FL223"])]
)
def test_the_version_of_the_provider_is_that_of_the_stack(version: str, sent: list[str]) -> None:
    """Two predicates without `and`: 5.x of Terraform's provider sends the last one, or both."""
    unclear = {**GOOD, "filter": {"prefix": "tmp/", "objectSizeGreaterThan": 5}}
    provider = resource("pulumi:providers:aws", "eu", inputs={"version": version})
    found = codes(stack(provider, lifecycle(unclear)))
    assert found == (sent or ["FL246"])


def test_names_go_to_terraform_and_back() -> None:
    inputs = {"rules": [{"filter": {"and": {"tags": {"MyKey": "v"}}}, "transitions": []}]}
    both = {"tags": {"MyKey": "v"}}
    assert arguments(inputs) == {"rule": [{"filter": {"and": both}, "transition": []}]}
    where = ("steps", 0, "newState", "inputs", "rule", 0, "filter", "and", "tags", "MyKey")
    assert in_pulumi(where)[4:] == ("rules", 0, "filter", "and", "tags", "MyKey")
    days = ("inputs", "rule", 0, "noncurrent_version_transition", 1, "noncurrent_days")
    assert in_pulumi(days)[1:] == ("rules", 0, "noncurrentVersionTransitions", 1, "noncurrentDays")


@pytest.mark.parametrize(("severity", "expected"), [("error", ["FL254"]), ("warning", [])])
def test_a_preview_that_met_an_error_is_said_to_be_incomplete(
    severity: str, expected: list[str]
) -> None:
    said = [{"message": "no such bucket", "severity": severity}]
    assert codes(preview(lifecycle(GOOD), diagnostics=said)) == expected
