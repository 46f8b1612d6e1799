"""The forms for programs: JSON as its published schema says, and one line each."""

from __future__ import annotations

import json
import re
from operator import attrgetter
from typing import Any, get_args

import pytest
from jsonschema import Draft7Validator

from firnline.catalog import catalog
from firnline.cli.schema import printed
from firnline.diagnostics.concise import to_concise
from firnline.diagnostics.json import SCHEMA_VERSION, to_json
from firnline.diagnostics.kinds import Kind, Severity
from firnline.diagnostics.position import BucketPlace, ObjectPlace, Place, Source, Span, whole_file
from firnline.diagnostics.remedy import (
    AddKey,
    Advise,
    BeginAfter,
    Bound,
    ChooseClass,
    ChooseEnd,
    Drop,
    DropEither,
    DropKeys,
    EndSooner,
    LetBe,
    NameSiblings,
    RemoveOne,
    SayInRetentions,
    Section,
    SetKeys,
    TakeLongerLife,
    Translate,
    Way,
    WriteName,
    WriteOneOf,
    WriteRetention,
    WriteValue,
)
from tests.policies import compiled

SCHEMA = printed("report")
KIND = Kind("FL999", "test", Severity.ERROR, "a title", "why", "do this", "", "")


def test_the_schema_is_a_schema_of_this_version() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema_version"] == {"const": SCHEMA_VERSION}


@pytest.mark.parametrize("kind", catalog(), ids=attrgetter("name"))
def test_every_report_is_as_the_schema_says_and_the_schema_names_all_its_fields(kind: Kind) -> None:
    report = json.loads(to_json(compiled(kind.wrong).diagnostics))
    Draft7Validator(_closed(SCHEMA)).validate(report)


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        (whole_file("p.yaml"), {"kind": "file", "path": "p.yaml"}),
        (
            Source("p.yaml", "a: b\n").whole(),
            {"kind": "file", "path": "p.yaml"}
            | {"line": 1, "column": 1, "end_line": 1, "end_column": 1},
        ),
        (BucketPlace("lab"), {"kind": "bucket", "bucket": "lab", "account": None}),
        (
            BucketPlace("lab", "111122223333"),
            {"kind": "bucket", "bucket": "lab", "account": "111122223333"},
        ),
        (
            ObjectPlace("lab", "a/b", "v1"),
            {"kind": "object", "bucket": "lab", "key": "a/b", "version_id": "v1", "account": None},
        ),
    ],
)
def test_a_place_says_of_which_kind_it_is(place: Place, fields: dict[str, Any]) -> None:
    report = json.loads(to_json([KIND.at(place, "here", also=[(place, "and here")])]))
    Draft7Validator(_closed(SCHEMA)).validate(report)
    (found,) = report["diagnostics"]
    assert (found["at"], found["also"][0]["at"]) == (fields, fields)


@pytest.mark.parametrize("lost", ["kind", "bucket", "account"])
def test_the_schema_refuses_a_place_that_lacks_a_field(lost: str) -> None:
    report = json.loads(to_json([KIND.at(BucketPlace("lab"), "here")]))
    del report["diagnostics"][0]["at"][lost]
    assert not Draft7Validator(SCHEMA).is_valid(report)


SECTION = Section(Span(Source("p.yaml", "retain: {a: {}}"), 12, 14), "a", "`a`")
WAYS: tuple[Way, ...] = (
    WriteName("delete_after"),
    Translate("Expiration", "S3", "delete_after: 30d", ((("delete_after",), "30d"),)),
    WriteValue("30d", Bound.AT_LEAST, "which costs nothing"),
    WriteOneOf(("a", "b")),
    BeginAfter("cold", "30d"),
    Drop("cold"),
    DropEither("warm_after", "cold_after"),
    RemoveOne((SECTION.settings, SECTION.settings), "one of the two"),
    ChooseClass("GLACIER", ("DEEP_ARCHIVE",)),
    AddKey("owner", "who answers for it"),
    SetKeys(SECTION, ((("old_versions", "delete_after"), "7d"),)),
    ChooseEnd(SECTION, ("delete_after",), "90d", ((("count",), "3"),), (), "say until when"),
    LetBe(SECTION, ("delete_after",), "30d"),
    EndSooner("3d"),
    TakeLongerLife(SECTION, SECTION, ((("delete_after",), "30d"),), (("keep_newest",),)),
    DropKeys(SECTION, (("old_versions", "warm_after"),)),
    NameSiblings(SECTION, ("a/",), siblings=("a/ci/", "a/dev/")),
    WriteRetention((SECTION, SECTION), "a-b", "a/", (("t", "x"),), 9, None, "`a/`"),
    SayInRetentions(SECTION._replace(retention=None), "uploads"),
    Advise("think again"),
)


def test_there_is_an_example_of_each_way() -> None:
    examples = [type(way) for way in WAYS]
    assert len(examples) == len(set(examples))
    assert set(examples) == set(get_args(Way))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: type(way).__name__)
def test_each_way_of_a_remedy_is_in_the_schema_and_in_words(way: Way) -> None:
    found = KIND.at(whole_file("p.yaml"), "here", remedy=way)
    report = json.loads(to_json([found]))
    Draft7Validator(_closed(SCHEMA)).validate(report)
    (told,) = report["diagnostics"][0]["remedy"]
    name = re.sub("(?<=[a-z])(?=[A-Z])", "-", type(way).__name__).lower()
    assert told["do"] == name
    assert report["diagnostics"][0]["help"] == found.help != ""


def test_ways_are_told_one_after_the_other_and_none_is_no_help() -> None:
    several = KIND.at(whole_file("p.yaml"), "here", remedy=(Drop("cold"), Advise("think again")))
    assert several.help == "drop `cold`, or think again"
    report = json.loads(to_json([KIND.at(whole_file("p.yaml"), "here", remedy=())]))
    assert (report["diagnostics"][0]["remedy"], report["diagnostics"][0]["help"]) == ([], None)


@pytest.mark.parametrize("lost", ["fix", "remedy", "code", "at"])
def test_the_schema_refuses_a_report_that_lacks_a_field(lost: str) -> None:
    report = json.loads(to_json(compiled("wyh: x").diagnostics))
    del report["diagnostics"][0][lost]
    assert not Draft7Validator(SCHEMA).is_valid(report)


def test_a_fix_lists_its_edits_by_line_and_column() -> None:
    report = json.loads(
        to_json(compiled("retain: {t: {prefix: t/, delete_after: 30 days}}").diagnostics)
    )
    (found,) = report["diagnostics"]
    assert found["fix"] == {"safe": True, "edits": [{"at": found["at"], "replacement": "30d"}]}


def test_concise_is_a_line_for_each_in_order_of_place_and_hides_no_control_character() -> None:
    found = compiled('wyh: x\nversioning: "of\\u202ef"\nowner: {}').diagnostics
    found = (*found, *compiled("wyh: x\nretain: {t: {prefix: t/, delete_after: 1m}}").diagnostics)
    lines = to_concise(found).splitlines()
    assert len(lines) == len(found)
    assert "policies/policy.yaml:7:1: error FL103 unknown key `wyh`" in lines
    assert "policies/policy.yaml:8:40: error FL105 `1m` is not a duration" in lines
    assert to_concise([KIND.at(BucketPlace("b\n"), "a\u202eb")]) == (
        "s3://b\\n: error FL999 a\\u202eb\n"
    )


def _closed(schema: Any) -> Any:
    """The schema, taking no field that it does not name."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(each) for key, each in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        closed["additionalProperties"] = False
    return closed
