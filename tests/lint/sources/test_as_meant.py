"""Members that S3 does not have: who refuses them, what was meant, and no finding that follows."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from firnline.diagnostics.fix import apply
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.lint.check import check_lifecycle_file
from firnline.s3.shape import Json

BASE: Json = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a/"}}
OLD_ENDS = {"NoncurrentVersionExpiration": {"NoncurrentDays": 7}}
IN_JSON = {
    "Id": ({"Id": "r"}, {"ID": "r"}),
    "status": ({"status": "Enabled"}, {"Status": "Enabled"}),
    "snake case": (
        {"abort_incomplete_multipart_upload": {"days_after_initiation": 7}},
        {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
    ),
    "ExpirationInDays": ({"ExpirationInDays": 30}, {"Expiration": {"Days": 30}}),
    "ExpirationDate": (
        {"ExpirationDate": "2050-01-01T00:00:00Z"},
        {"Expiration": {"Date": "2050-01-01T00:00:00Z"}},
    ),
    "ExpirationInDays inside Expiration": (
        {"Expiration": {"ExpirationInDays": 30}},
        {"Expiration": {"Days": 30}},
    ),
    "a marker": (
        {"ExpiredObjectDeleteMarker": True},
        {"Expiration": {"ExpiredObjectDeleteMarker": True}},
    ),
    "NoncurrentVersionExpirationInDays": (
        {"NoncurrentVersionExpirationInDays": 7},
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 7}},
    ),
    "Transition": (
        {"Transition": {"Days": 30, "StorageClass": "GLACIER"}},
        {"Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]},
    ),
    "CloudFormation's Transition": (
        {"Transition": {"TransitionInDays": 30, "StorageClass": "GLACIER"}},
        {"Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]},
    ),
    "one transition in place of a list": (
        {"Transitions": {"Days": 30, "StorageClass": "GLACIER"}},
        {"Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]},
    ),
    "Days of noncurrent versions": (
        {"NoncurrentVersionTransitions": [{"Days": 30, "StorageClass": "GLACIER"}]},
        {"NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "GLACIER"}]},
    ),
}


def found_in(rule: Json) -> tuple[Diagnostic, ...]:
    return check_lifecycle_file(text_of(rule).encode(), "rules.json")


def text_of(rule: Json) -> str:
    return json.dumps({"Rules": [rule]}, indent=1)


def completed(members: Json) -> Json:
    """With what a rule needs, where it is not misnamed."""
    lower = {name.lower() for name in members}
    return {
        **{name: value for name, value in BASE.items() if name.lower() not in lower},
        **members,
        **({} if any("Noncurrent" in name for name in members) else OLD_ENDS),
    }


@pytest.mark.parametrize(("members", "meant"), IN_JSON.values(), ids=IN_JSON)
def test_a_misnamed_member_is_the_only_refusal_and_its_fix_writes_what_was_meant(
    members: Json, meant: Json
) -> None:
    found = found_in(completed(members))
    wrong = [each for each in found if each.kind.code == "FL239"]
    assert {each.severity for each in found if each not in wrong} <= {Severity.WARNING}
    first, *inside = wrong
    assert first.notes[0].startswith("the AWS CLI and SDKs refuse this before they send anything")
    assert "LifecycleConfiguration.Rules[0]" in first.notes[0]
    assert {each.notes for each in inside} <= {("the AWS CLI and SDKs would refuse this next",)}
    fixes = [each.fix for each in wrong if each.fix]
    assert len(fixes) == len(wrong)
    assert all(each.safe for each in fixes)
    text, skipped = apply(text_of(completed(members)), fixes)
    if skipped:  # one fix inside another: `--fix` takes a second round
        again = check_lifecycle_file(text.encode(), "rules.json")
        text, _ = apply(text, [each.fix for each in again if each.fix])
    (fixed,) = json.loads(text)["Rules"]
    assert fixed == {**fixed, **meant}
    assert not fixed.keys() & (members.keys() - meant.keys())


def test_cloudformations_names_are_recognised_as_such() -> None:
    (first,) = [each for each in found_in({**BASE, **OLD_ENDS, "ExpirationInDays": 30}) if each.fix]
    assert first.message == (
        "`ExpirationInDays` is CloudFormation's name; S3 calls it `Expiration.Days`"
    )
    assert first.help == 'write `"Expiration": {"Days": 30}`'


def test_several_members_that_mean_parts_of_one_are_not_fixed_apart() -> None:
    members = {"ExpirationDate": "2050-01-01T00:00:00Z", "ExpirationInDays": 30}
    found = found_in({**BASE, **OLD_ENDS, **members})
    assert [each.fix for each in found if each.kind.code == "FL239"] == [None, None]
    assert "FL227" in [each.kind.code for each in found]


def test_cloudformations_scope_is_read_as_a_filter() -> None:
    rule = {
        "ID": "r",
        "Status": "Enabled",
        "Prefix": "a/",
        "TagFilters": [{"Key": "k", "Value": "v"}],
        "Expiration": {"Days": 30},
        **OLD_ENDS,
    }
    refused = [each for each in found_in(rule) if each.severity is Severity.ERROR]
    assert [(each.kind.code, "CloudFormation" in each.message) for each in refused] == [
        ("FL239", True)
    ]


def test_the_message_alone_says_the_right_name() -> None:
    """`--out concise` shows no help."""
    wrong = {**BASE, **OLD_ENDS, "Expiration": {"Days": 30}, "Id": "r"}
    del wrong["ID"]
    (first,) = [each for each in found_in(wrong) if each.kind.code == "FL239"]
    assert first.message == "S3 defines no such member here; it calls this `ID`"


def test_a_guess_is_asked_and_not_safe() -> None:
    (first,) = [
        each
        for each in found_in({**BASE, **OLD_ENDS, "Expirations": {"Days": 9}})
        if each.kind.code == "FL239"
    ]
    assert first.help == "did you mean `Expiration`?"
    assert first.fix is not None
    assert not first.fix.safe


def test_a_name_beside_the_right_one_is_not_read_as_it() -> None:
    (first,) = [
        each for each in found_in({**BASE, **OLD_ENDS, "Id": "x"}) if each.kind.code == "FL239"
    ]
    assert first.fix is None


def test_rules_under_another_name_are_rules() -> None:
    rule = {**BASE, **OLD_ENDS, "Expiration": {"Days": 30}}
    for name in ("rules", "Rule"):
        content = json.dumps({name: [rule]}).encode()
        refused = [
            each
            for each in check_lifecycle_file(content, "rules.json")
            if each.severity is Severity.ERROR
        ]
        assert [each.kind.code for each in refused] == ["FL239"]
        assert refused[0].help in ("write `Rules`", "did you mean `Rules`?")


def test_null_is_unset_and_said_once() -> None:
    unset = {
        "Prefix": None,
        "Transitions": None,
        "Expiration": {"Days": 30, "Date": None, "ExpiredObjectDeleteMarker": None},
        "AbortIncompleteMultipartUpload": None,
        **OLD_ENDS,
    }
    (only,) = found_in({**BASE, **unset})
    assert (only.kind.code, only.severity) == ("FL249", Severity.WARNING)
    assert only.message == "`Prefix` is null, and 4 other members"
    assert "value: None" in only.notes[0]


def test_jq_is_advised_for_json_alone() -> None:
    rule = {**BASE, "Expiration": {"Days": 30}, **OLD_ENDS, "Prefix": None}
    in_yaml = yaml.safe_dump({"Rules": [rule]}).encode()
    (of_json,), (of_yaml,) = found_in(rule), check_lifecycle_file(in_yaml, "rules.yaml")
    assert of_json.help == "leave them out, as `jq 'del(..|nulls)'` does"
    assert of_yaml.help == "leave them out"


@pytest.mark.parametrize("required", ["Status", "Filter"])
def test_null_in_place_of_what_a_rule_needs_is_still_an_error(required: str) -> None:
    found = found_in({**BASE, **OLD_ENDS, required: None})
    assert {"Status": "FL221", "Filter": "FL220"}[required] in [each.kind.code for each in found]


def test_what_comes_after_a_clients_refusal_is_said_to() -> None:
    rule: dict[str, Any] = {**BASE, "Transition": {"Days": 9, "StorageClass": "GLACIER", "X": 1}}
    unknown = [each for each in found_in(rule) if each.kind.code == "FL239"]
    assert [each.notes[0].split(":")[0] for each in unknown] == [
        "the AWS CLI and SDKs refuse this before they send anything",
        "the AWS CLI and SDKs would refuse this next",
    ]


@pytest.mark.parametrize("quoted", ["{key}", '"{key}"'])
def test_the_fix_of_yaml_is_yaml(quoted: str) -> None:
    id, days = quoted.format(key="Id"), quoted.format(key="ExpirationInDays")
    text = f"Rules:\n- {id}: r\n  Status: Enabled\n  Prefix: a/\n  {days}: 30\n"
    found = check_lifecycle_file(text.encode(), "rules.yaml")
    fixed, _ = apply(text, [each.fix for each in found if each.fix])
    right = {"ID": "r", "Status": "Enabled", "Prefix": "a/", "Expiration": {"Days": 30}}
    assert yaml.safe_load(fixed) == {"Rules": [right]}
