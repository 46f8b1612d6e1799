"""Who refuses what is wrong in a file: S3, or a client before it sends anything?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from firnline.diagnostics.kinds import Diagnostic, in_order
from firnline.lint.check import check_lifecycle_file
from firnline.s3.shape import Json
from tests.s3.law.test_client_checks import botocore_says, configurations

BY_CLIENTS = "the AWS CLI and SDKs refuse this before they send anything"
BY_S3 = "S3 answers "
RULE = '"Status": "Enabled", "Filter": {}, "Expiration": {"Days": 1}'
RESOURCE = "aws_s3_bucket_lifecycle_configuration"


def found_in(text: str, path: str = "rules.json") -> tuple[Diagnostic, ...]:
    return check_lifecycle_file(text.encode(), path)


def notes(found: tuple[Diagnostic, ...]) -> list[str]:
    return [note for each in found for note in each.notes]


@settings(max_examples=300)
@given(configurations())
def test_s3_answers_exactly_where_botocore_would_send_the_configuration(
    configuration: Any,
) -> None:
    if not (isinstance(configuration, dict) and "Rules" in configuration):
        return  # not recognised as a lifecycle configuration
    said = notes(found_in(json.dumps(configuration)))
    by_clients = {note.split(": ", 1)[1] for note in said if note.startswith(BY_CLIENTS)}
    try:
        refused = botocore_says(configuration)
    except (OverflowError, RuntimeError):  # a date that no calendar has
        refused = by_clients
    assert bool(by_clients) == bool(refused)
    assert by_clients <= refused
    # A tag without a readable value is not judged by the length of its key, and of members that are
    # null the first is named.
    assert all(
        line.startswith("Invalid length") or "value: None, type:" in line
        for line in refused - by_clients
    )
    answered = [note for note in said if note.startswith(BY_S3)]
    would_be = [note for note in said if note.startswith("S3 would answer ")]
    assert not (answered if refused else would_be)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (f'"Id": "a", {RULE}', 'Unknown parameter in LifecycleConfiguration.Rules[0]: "Id"'),
        ('"Filter": {}, "Expiration": {"Days": 1}', "Missing required parameter in"),
        ('"Status": "Enabled", "Filter": {}, "Expiration": {"Days": "7"}', "value: 7, type: <clas"),
        ('"Status": 1, "Filter": {}, "Expiration": {"Days": 1}', "Rules[0].Status, value: 1"),
        ('"Status": "Enabled", "Filter": {"Prefix": 7}, "Expiration": {"Days": 1}', "value: 7"),
        (
            '"Status": "Enabled", "Filter": {"Tag": {"Key": "", "Value": "v"}},'
            ' "Expiration": {"Days": 1}',
            "Invalid length for parameter",
        ),
        (
            '"Status": "Enabled", "Filter": {}, "Expiration": {"Date": null}',
            "valid types: <class 'datetime.datetime'>, timestamp-string",
        ),
    ],
)
def test_what_a_client_refuses_s3_never_sees(rule: str, says: str) -> None:
    (note,) = notes(found_in(f'{{"Rules": [{{{rule}}}]}}'))[:1]
    assert note.startswith(f"{BY_CLIENTS}: ")
    assert says in note


@pytest.mark.parametrize(
    ("scope", "at"),
    [
        ('"Filter": {}, "Prefix": 7', "Prefix"),
        (
            '"Filter": {"And": {"Prefix": "a", "ObjectSizeLessThan": 9}, "Prefix": 7}',
            "Filter.Prefix",
        ),
        ('"Filter": {"And": 7, "ObjectSizeLessThan": "9"}', "Filter.ObjectSizeLessThan"),
        ('"Filter": {"And": {}, "Tag": {"Key": "k"}}', "Filter.Tag"),
        (
            '"Filter": {"And": {"Tags": [{"Key": 1, "Value": "v"}, {"Key": "", "Value": "v"}]}}',
            "Filter.And.Tags[1].Key",
        ),
    ],
)
def test_all_that_a_client_refuses_is_told(scope: str, at: str) -> None:
    rule = f'"Status": "Enabled", {scope}, "Expiration": {{"Days": 1}}'
    said = notes(found_in(f'{{"Rules": [{{{rule}}}]}}'))
    place = (
        f"parameter LifecycleConfiguration.Rules[0].{at},",
        f"LifecycleConfiguration.Rules[0].{at}:",
    )
    assert any(note.startswith(BY_CLIENTS) and any(p in note for p in place) for note in said)


@pytest.mark.parametrize(
    "rule",
    [
        '"Status": "enabled", "Filter": {}, "Expiration": {"Days": 1}',
        '"Status": "Enabled", "Filter": {}, "Expiration": {"Days": 0}',
        '"Status": "Enabled", "Filter": {}, "Expiration": {"Days": true}',
        '"Status": "Enabled", "Filter": {}, "Expiration": {"Days": 2147483648}',
        '"Status": "Enabled", "Filter": {}, "Transitions": [{"Days": 1, "StorageClass": "COLD"}]',
        '"Status": "Enabled", "Expiration": {"Days": 1}',
    ],
)
def test_no_client_knows_words_or_bounds(rule: str) -> None:
    said = notes(found_in(f'{{"Rules": [{{{rule}}}]}}'))
    assert any(note.startswith(BY_S3) for note in said)
    assert not any(note.startswith(BY_CLIENTS) for note in said)


def test_beside_what_a_client_refuses_s3_would_answer() -> None:
    found = found_in('{"Rules": [{"Id": "a", "Status": "Enabled", "Filter": {}}]}')
    assert [note.split(":")[0] for note in notes(found)] == [
        BY_CLIENTS,
        "S3 would answer InvalidRequest",
    ]


def test_a_text_that_may_be_a_date_to_others_is_not_surely_refused() -> None:
    rule = '"Status": "Enabled", "Filter": {}, "Expiration": {"Date": "Friday"}'
    (note,) = notes(found_in(f'{{"Rules": [{{{rule}}}]}}'))
    assert note.startswith(f"{BY_CLIENTS}, unless they can read a date in it: ")


def test_xml_goes_to_s3_as_it_is() -> None:
    text = (
        "<LifecycleConfiguration><Rule><Id>a</Id><Status>Enabled</Status><Filter/>"
        "<Expiration><Days>x</Days></Expiration></Rule></LifecycleConfiguration>"
    )
    found = found_in(text, "rules.xml")
    assert len(found) == 2
    assert all(each.notes[0].startswith(BY_S3) for each in found)


def plan(**rule: Any) -> str:
    whole = {"id": "a", "status": "Enabled", "filter": [{"prefix": "a/"}], **rule}
    resource = {"address": f"{RESOURCE}.this", "type": RESOURCE, "values": {"rule": [whole]}}
    return json.dumps(
        {"format_version": "1.2", "planned_values": {"root_module": {"resources": [resource]}}}
    )


def test_of_a_plan_it_is_the_provider_that_sends() -> None:
    (found,) = found_in(plan(expiration=[{"days": -1}]))
    assert found.notes[0].startswith(
        "if Terraform's AWS provider sends this, S3 answers InvalidArgument: "
    )
    (found,) = found_in(plan(expiration=[{"days": "soon"}]))
    assert found.notes == ()
    assert found.about == f'{RESOURCE}.this rule "a"'


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Id", "ID"), ("Transition", "Transitions"), ("status", "Status"), ("Priority", None)],
)
def test_a_name_that_is_nearly_right_is_told(written: str, meant: str | None) -> None:
    found = found_in(f'{{"Rules": [{{{RULE}, "{written}": 1}}]}}')
    (unknown,) = [each for each in found if each.message.startswith("S3 defines no such member")]
    assert (unknown.help == f"write `{meant}`") == (meant is not None)


@pytest.mark.parametrize(("written", "meant"), [("Id", "ID"), ("Transitions", "Transition")])
def test_in_xml_it_is_told_as_xml_spells_it(written: str, meant: str) -> None:
    inside = f"<{written}>a</{written}><Status>Enabled</Status><Filter/>"
    rule = f"<Rule>{inside}<Expiration><Days>1</Days></Expiration></Rule>"
    found = found_in(f"<LifecycleConfiguration>{rule}</LifecycleConfiguration>", "rules.xml")
    assert f"write `{meant}`" in [each.help for each in found]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"Transition": {"Days": 30, "StorageClass": "GLACIER"}}, ["FL239", "FL220"]),
        ({"Expiration": {"Days": 0}, "Status": None}, ["FL221", "FL220", "FL229"]),
        ({"Expiration": {"Days": "30"}}, ["FL229", "FL220"]),
        ({"Expiration": {"Days": 0}, "Status": "on"}, ["FL220", "FL221", "FL229"]),
    ],
    ids=["an unknown member", "a missing one", "a wrong type", "S3 alone"],
)
def test_what_is_refused_first_is_shown_first(members: Json, expected: list[str]) -> None:
    """Wherever it stands in the file."""
    said = {"ID": "r", "Status": "Enabled", "Expiration": {"Days": 365}, **members}
    rule = {name: value for name, value in said.items() if value is not None}
    content = json.dumps({"Rules": [rule]}).encode()
    found = in_order(check_lifecycle_file(content, "rules.json"))
    assert [each.kind.code for each in found] == expected


def test_what_cloudformation_refuses_is_shown_before_what_s3_would() -> None:
    rule = {"Id": "r", "Status": "on", "Prefix": "a/", "Expires": 3, "ExpirationInDays": 0}
    zero = {"Id": "z", "Status": "Enabled", "Prefix": "a/", "ExpirationInDays": 0}
    properties = {"LifecycleConfiguration": {"Rules": [zero, rule]}}
    template = {"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": properties}}}
    found = in_order(check_lifecycle_file(json.dumps(template).encode(), "t.json"))
    assert [each.kind.code for each in found] == ["FL221", "FL239", "FL229", "FL229"]
