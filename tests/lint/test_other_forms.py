"""XML, Terraform, what the AWS CLI prints, and files in which nothing of it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.diagnostics.kinds import Severity
from firnline.language.check import Known
from firnline.language.syntax import Unreadable
from firnline.lint import Circumstances, is_lifecycle_file
from firnline.lint.check import check_lifecycle_file
from firnline.pipeline import check_files
from firnline.s3.terms import Versioning
from tests.lint.marked import found_in, marked_text, place_of_mark, places, unmarked
from tests.places import span_of
from tests.policies import TODAY
from tests.s3.law.test_judge_never_raises import CLEAN_RULES, RULES

NEVER_VERSIONED = Circumstances(versioning=Versioning.OFF)
XML = """<?xml version="1.0" encoding="UTF-8"?>
<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Rule>
    <ID>ü</ID>
    <Filter><Prefix>lögs/</Prefix></Filter>
    {}
  </Rule>
</LifecycleConfiguration>
"""
ENABLED = "<Status>Enabled</Status>"
IN_XML = {
    "days 0": ("FL229", f"{ENABLED}<Expiration>«<Days>0</Days>»</Expiration>"),
    "a fraction": ("FL229", f"{ENABLED}<Expiration>«<Days>1.5</Days>»</Expiration>"),
    "a date alone": ("FL230", f"{ENABLED}<Expiration>«<Date>2030-01-01</Date>»</Expiration>"),
    "a status": ("FL221", "«<Status>on</Status>»<Expiration><Days>1</Days></Expiration>"),
    "an empty action": ("FL227", f"{ENABLED}«<Expiration/>»"),
    "an unknown element": (
        "FL239",
        f"{ENABLED}<Expiration><Days>1</Days></Expiration>«<Priority>1</Priority>»",
    ),
    "an element twice": (
        "FL229",
        f"{ENABLED}<Expiration><Days>1</Days>«<Days>2</Days>»</Expiration>",
    ),
    "the second transition": (
        "FL231",
        f"{ENABLED}<Transition><Days>1</Days><StorageClass>GLACIER_IR</StorageClass></Transition>"
        "<Transition><Days>200</Days>«<StorageClass>COLD</StorageClass>»</Transition>",
    ),
}


@pytest.mark.parametrize(("code", "inside"), IN_XML.values(), ids=IN_XML)
def test_xml_is_pointed_at_by_line_and_column(code: str, inside: str) -> None:
    text = XML.format(inside)
    found = found_in(text, path="rules.xml")
    assert (place_of_mark(text), marked_text(text)) in places(found, code)


def test_a_clean_xml_has_nothing_wrong() -> None:
    text = XML.format(f"{ENABLED}<Expiration><Days>30</Days></Expiration>")
    assert found_in(text, NEVER_VERSIONED, path="rules.xml") == ()


RESOURCE: dict[str, Any] = {
    "address": "module.lake.aws_s3_bucket_lifecycle_configuration.logs",
    "type": "aws_s3_bucket_lifecycle_configuration",
    "values": {
        "bucket": "lake",
        "transition_default_minimum_object_size": "varies_by_storage_class",
        "rule": [
            {
                "id": "logs",
                "status": "Enabled",
                "prefix": "",
                "filter": [
                    {
                        "prefix": "",
                        "object_size_greater_than": None,
                        "object_size_less_than": None,
                        "tag": [],
                        "and": [
                            {
                                "prefix": "logs/",
                                "object_size_greater_than": 131071,
                                "object_size_less_than": 0,
                                "tags": {"team": "ml"},
                            }
                        ],
                    }
                ],
                "expiration": [{"days": 400, "date": None, "expired_object_delete_marker": False}],
                "transition": [
                    {"days": 30, "date": None, "storage_class": "STANDARD_IA"},
                    {"days": 60, "date": None, "storage_class": "GLACIER"},
                ],
                "noncurrent_version_expiration": [
                    {"noncurrent_days": 7, "newer_noncurrent_versions": None}
                ],
                "noncurrent_version_transition": [],
                "abort_incomplete_multipart_upload": [],
            }
        ],
    },
}


def show(resources: list[Any], planned: bool = False) -> str:
    root = {"resources": [], "child_modules": [{"address": "module.lake", "resources": resources}]}
    name = "planned_values" if planned else "values"
    shown = {"format_version": "1.2", "terraform_version": "1.9.0", name: {"root_module": root}}
    return json.dumps(shown, indent=2)


@pytest.mark.parametrize("planned", [False, True])
def test_what_terraform_shows_is_read(planned: bool) -> None:
    assert found_in(show([RESOURCE], planned), NEVER_VERSIONED) == ()


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('"days": 60', '"days": «59»', "FL232"),
        ('"storage_class": "GLACIER"', '"storage_class": «"COLD"»', "FL231"),
        ('"status": "Enabled"', '"status": «"enabled"»', "FL221"),
        ('"days": 400', '"days": «60»', "FL233"),
        ('"noncurrent_days": 7', '"noncurrent_days": «0»', "FL229"),
        ('"prefix": "logs/"', '"prefix": «"logs/*.gz"»', "FL308"),
    ],
)
def test_terraform_is_pointed_at_in_its_own_json(before: str, after: str, code: str) -> None:
    text = show([RESOURCE]).replace(before, after)
    assert (place_of_mark(text), marked_text(text)) in places(found_in(text), code)


@pytest.mark.parametrize(
    ("status", "codes"),
    [
        ("Enabled", [("FL310", Severity.ERROR)]),
        ("Suspended", [("FL310", Severity.ERROR)]),
        ("Disabled", []),
        ([], [("FL310", Severity.WARNING)]),
    ],
    ids=["enabled", "suspended", "never enabled", "not known"],
)
def test_terraform_tells_of_versioning_itself(
    status: object, codes: list[tuple[str, Severity]]
) -> None:
    versioning = {
        "address": "aws_s3_bucket_versioning.lake",
        "type": "aws_s3_bucket_versioning",
        "values": {"bucket": "lake", "versioning_configuration": [{"status": status}]},
    }
    lifecycle = json.loads(json.dumps(RESOURCE))
    lifecycle["values"]["rule"][0]["noncurrent_version_expiration"] = []
    found = found_in(show([versioning, lifecycle]))
    assert [(each.kind.code, each.severity) for each in found] == codes


def planned(**versioning: str) -> str:
    """A plan of buckets that are still to be created: objects of `lake` end, their versions not."""
    lifecycle = json.loads(json.dumps(RESOURCE)) | {"address": "module.m.lifecycle.lake"}
    lifecycle["values"]["rule"][0]["noncurrent_version_expiration"] = []
    del lifecycle["values"]["bucket"]
    resources = [lifecycle]
    described = [refers_to("lifecycle.lake", "aws_s3_bucket.lake.id", "aws_s3_bucket.lake")]
    for name, status in versioning.items():
        resources.append(
            {
                "address": f"module.m.versioning.{name}",
                "type": "aws_s3_bucket_versioning",
                "values": {"versioning_configuration": [{"status": status}]},
            }
        )
        bucket = f"aws_s3_bucket.{name}"
        described.append(refers_to(f"versioning.{name}", f"{bucket}.bucket", bucket))
    shown = json.loads(show(resources, planned=True))
    called = {"m": {"module": {"resources": described}}}
    return json.dumps(shown | {"configuration": {"root_module": {"module_calls": called}}})


def refers_to(address: str, *references: str) -> dict[str, Any]:
    return {"address": address, "expressions": {"bucket": {"references": references}}}


@pytest.mark.parametrize(
    ("versioning", "codes"),
    [
        ({"lake": "Enabled", "scratch": "Disabled"}, [("FL310", Severity.ERROR)]),
        ({"lake": "Disabled", "scratch": "Enabled"}, []),
        ({"scratch": "Enabled"}, [("FL310", Severity.WARNING)]),
        ({"lake": "Enabled"}, [("FL310", Severity.ERROR)]),
    ],
    ids=["its own and another", "another that keeps versions", "another alone", "its own alone"],
)
def test_a_planned_bucket_has_the_versioning_that_refers_to_it(
    versioning: dict[str, str], codes: list[tuple[str, Severity]]
) -> None:
    found = found_in(planned(**versioning))
    assert [(each.kind.code, each.severity) for each in found] == codes


def test_a_terraform_plan_without_lifecycle_rules_says_so_and_is_no_error() -> None:
    (found,) = found_in(show([]))
    assert (found.kind.code, found.severity) == ("FL247", Severity.NOTE)


GOOD = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 1}}


@pytest.mark.parametrize(
    "document",
    [
        {"Rules": [GOOD], "TransitionDefaultMinimumObjectSize": "varies_by_storage_class"},
        {"Bucket": "b", "LifecycleConfiguration": {"Rules": [GOOD]}},
        {"lab/us-east-1/one": {"Rules": [GOOD]}, "lab/us-east-1/two": {"Rules": [GOOD]}},
    ],
    ids=["as the CLI prints it", "as the CLI takes it", "as firnline compile prints it"],
)
def test_json_of_several_shapes_is_read(document: dict[str, Any]) -> None:
    assert found_in(json.dumps(document), NEVER_VERSIONED) == ()
    assert "FL229" in {
        each.kind.code for each in found_in(json.dumps(document).replace('"Days": 1', '"Days": 0'))
    }


def test_a_prefix_is_looked_at_also_where_the_rule_would_be_refused() -> None:
    rule = {**GOOD, "Filter": {"Prefix": "/logs"}, "Expiration": {"Days": 0}}
    found = found_in(json.dumps({"Rules": [rule, {**rule, "ID": "b", "Status": "Disabled"}]}))
    codes = [each.kind.code for each in found]
    assert sorted(codes) == ["FL229", "FL229", "FL309", "FL314"]


def test_a_bad_minimum_size_is_pointed_at() -> None:
    text = json.dumps({"Rules": [GOOD], "TransitionDefaultMinimumObjectSize": "X"})
    text = text.replace('"X"', '«"64K"»')
    assert (place_of_mark(text), '"64K"') in places(found_in(text), "FL239")


BAD = {
    "nothing": b"",
    "a list": b"[]",
    "a word": b"null",
    "something else": b'{"Statement": []}',
    "cut off": b'{"Rules": [{"ID": "a"',
    "a comma too many": b'{"Rules": [],}',
    "not a number": b'{"Rules": NaN}',
    "deep": b'{"Rules":' * 5000,
    "XML cut off": b"<LifecycleConfiguration><Rule>",
    "an XML bomb": b'<!DOCTYPE a [<!ENTITY b "bb">]><LifecycleConfiguration>&b;'
    b"</LifecycleConfiguration>",
    "other XML": b"<html/>",
    "not UTF-8": b'{"Rules": [{"ID": "\xff"}]}',
    "UTF-16": '{"Rules": []}'.encode("utf-16"),
    "numbers without end": b'{"Rules": [{"ID": ' + b"9" * 5000 + b"}]}",
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_bad_input_is_told_at_a_place_and_never_raises(content: bytes) -> None:
    found = check_lifecycle_file(content, "rules.json")
    assert found
    assert all(span_of(each).line >= 1 for each in found)


def test_a_file_that_may_not_be_read_is_told() -> None:
    (found,) = check_lifecycle_file(Unreadable("permission denied"), "rules.json")
    assert found.kind.code == "FL001"


def test_a_key_that_is_written_twice_is_told() -> None:
    found = found_in('{"Rules": [{"ID": "a", «"ID"»: "b"}]}')
    assert places(found, "FL003") == [((1, 24), '"ID"')]


def test_ten_thousand_rules_are_told_and_not_compared_with_each_other() -> None:
    text = json.dumps({"Rules": [{**GOOD, "ID": str(number)} for number in range(10_000)]})
    assert [each.kind.code for each in found_in(text)] == ["FL237"]


@given(st.lists(RULES | CLEAN_RULES, max_size=4), st.none() | st.sampled_from(Versioning))
def test_whatever_the_rules_there_are_diagnostics_within_the_file(
    rules: list[Any], versioning: Versioning | None
) -> None:
    text = json.dumps({"Rules": rules}, default=str)
    found = check_lifecycle_file(text.encode(), "rules.json", Circumstances(versioning=versioning))
    assert all(0 <= span_of(each).start <= span_of(each).end <= len(text) for each in found)


def test_a_policy_in_json_stays_a_policy() -> None:
    policy = b'{"firnline": "policy/v1", "policy": "x"}'
    assert not is_lifecycle_file("p.json", policy)
    assert not is_lifecycle_file("<stdin>", policy)
    assert not is_lifecycle_file("p.yaml", b"{}")
    assert is_lifecycle_file("<stdin>", b" <LifecycleConfiguration/>")
    assert is_lifecycle_file("<stdin>", unmarked('{"Rules": []}').encode())


def test_both_are_checked_in_one_run() -> None:
    files = {"p.yaml": b"firnline: policy/v1\n", "r.json": b'{"Rules": []}'}
    found = {span_of(each).path for each in check_files(files, Known(today=TODAY)).diagnostics}
    assert found == {"p.yaml", "r.json"}


def test_what_a_rule_does_is_judged_though_its_id_is_no_text() -> None:
    rule = {
        "ID": 7,
        "Status": "Enabled",
        "Filter": {"Prefix": "a/"},
        "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
        "Expiration": {"Days": 40},
    }
    found = check_lifecycle_file(json.dumps({"Rules": [rule]}).encode(), "rules.json")
    assert {each.kind.code for each in found} == {"FL239", "FL310", "FL502"}


def test_an_element_that_is_not_closed_is_named_with_its_line() -> None:
    text = "<LifecycleConfiguration>\n<Rule><ID>a<ID></Rule>\n</LifecycleConfiguration>"
    (only,) = found_in(text, path="rules.xml")
    assert only.message.endswith("`<ID>` of line 2 is not closed")


@pytest.mark.parametrize("comment", ["// a month", "# a month", "/* a month */"])
def test_a_comment_in_json_is_called_that(comment: str) -> None:
    (only,) = found_in(f'{{\n  {comment}\n  "Rules": []\n}}')
    assert only.message == "JSON has no comments"
