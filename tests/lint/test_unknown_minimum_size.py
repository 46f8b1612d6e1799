"""Where the minimum size is not known, both are judged, and what depends on it says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firnline.diagnostics.kinds import Diagnostic
from firnline.lint.check import check_lifecycle_file
from firnline.lint.rule_set import NoRuleSet, rule_set
from firnline.lint.sources.read import read_file
from firnline.s3.law.header import MEMBER
from firnline.s3.shape import Json
from tests.lint.sources.terraform_files import (
    LIFECYCLE,
    change,
    expiration,
    filter_block,
    found_in_file,
    lifecycle,
    plan,
    rule,
)

ARGUMENT = "transition_default_minimum_object_size"
MOVES: Json = {
    "Id": "moves",
    "Status": "Enabled",
    "Prefix": "logs/",
    "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 1}],
    "ExpirationInDays": 400,
}
SMALL: Json = {
    "Id": "small",
    "Status": "Enabled",
    "Prefix": "logs/",
    "ObjectSizeLessThan": "1000",
    "ExpirationInDays": 30,
}
"""Its objects move only under `varies_by_storage_class`, and stay in GLACIER for too short then."""


def template(header: object, *rules: Json) -> bytes:
    lifecycle = {MEMBER: header, "Rules": list(rules)}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"LifecycleConfiguration": lifecycle}}
    return json.dumps({"Resources": {"Lake": bucket}}).encode()


def found(header: object, *rules: Json) -> dict[str, Diagnostic]:
    diagnostics = check_lifecycle_file(template(header, *rules), "t.json")
    return {each.kind.code: each for each in diagnostics}


OPEN = {"Ref": "Floor"}


def test_what_holds_under_one_minimum_size_alone_says_under_which() -> None:
    either = found(OPEN, MOVES, SMALL)
    assert f"`{MEMBER}`: known only when the template is deployed" in either["FL246"].message
    only = f"only where `{MEMBER}` is `varies_by_storage_class`: which it is, is not known"
    assert only in either["FL502"].notes
    assert "FL502" in found("varies_by_storage_class", MOVES, SMALL)
    assert "FL502" not in found("all_storage_classes_128K", MOVES, SMALL)


def test_what_holds_under_both_is_said_once_without_a_condition() -> None:
    short = {**MOVES, "ExpirationInDays": 30}
    diagnostics = check_lifecycle_file(template(OPEN, short), "t.json")
    codes = [each.kind.code for each in diagnostics]
    assert codes.count("FL502") == 1
    assert not any(MEMBER in note for each in diagnostics for note in each.notes)


def test_nobody_can_say_what_such_rules_do() -> None:
    (written,) = read_file(template(OPEN, MOVES), "t.json").configurations
    with pytest.raises(NoRuleSet) as error:
        rule_set(written)
    (why,) = error.value.diagnostics
    assert (why.kind.code, MEMBER in why.message) == ("FL246", True)


GOOD = rule(
    filter=filter_block(prefix="logs/"),
    expiration=expiration(days=30),
    noncurrent_version_expiration=[{"noncurrent_days": 7}],
)


def planned(**written: Any) -> list[str]:
    """The messages about a plan that leaves the setting open, by what its author wrote."""
    address = f"{LIFECYCLE}.logs"
    expressions = {"rule": [{"filter": [{"prefix": {}}], "expiration": [{"days": {}}]}], **written}
    document = plan(
        lifecycle(GOOD, bucket="lake"),
        resource_changes=[change(address, "create", after_unknown={ARGUMENT: True})],
        configuration={
            "root_module": {"resources": [{"address": address, "expressions": expressions}]}
        },
    )
    return [each.message for each in found_in_file(document)]


def test_a_setting_of_terraform_is_open_only_where_its_author_set_it() -> None:
    """Else the provider computes it, and sends no header."""
    assert planned() == []
    (said,) = planned(**{ARGUMENT: {"references": ["random_shuffle.sizes"]}})
    assert said == f"`{ARGUMENT}`: known only after `terraform apply`"
