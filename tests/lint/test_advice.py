"""Help is written in the spelling of the file, and says what kind of number is wanted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firnline.diagnostics.fix import apply
from firnline.lint.check import check_lifecycle_file
from firnline.s3.shape import Json
from tests.lint.sources.terraform_files import (
    SDK,
    expiration,
    filter_block,
    found_in_file,
    lifecycle,
    plan,
    rule,
)
from tests.lint.sources.test_pulumi import lifecycle as in_pulumi
from tests.lint.sources.test_pulumi import preview

GOOD: Json = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a/"}}
OLD_ENDS = "NoncurrentVersionExpiration"


def helps(content: str, path: str, code: str) -> list[str]:
    found = check_lifecycle_file(content.encode(), path)
    return [each.help for each in found if each.kind.code == code]


def in_json(code: str, **members: Any) -> list[str]:
    return helps(json.dumps({"Rules": [{**GOOD, **members}]}), "r.json", code)


def test_help_for_xml_is_xml() -> None:
    xml = "<LifecycleConfiguration><Rule><Status>on</Status><Expiration><Days>1</Days></Expiration>"
    xml += "</Rule></LifecycleConfiguration>"
    (scope,) = helps(xml, "r.xml", "FL220")
    (status,) = helps(xml, "r.xml", "FL221")
    assert "<Filter><Prefix>logs/</Prefix></Filter>" in scope
    assert status == "write `<Status>Enabled</Status>`"


def test_help_for_yaml_is_yaml() -> None:
    (scope,) = helps("Rules:\n- Status: Enabled\n  Expiration: {Days: 1}\n", "r.yaml", "FL220")
    assert "`Filter: {Prefix: logs/}`" in scope


@pytest.mark.parametrize(
    ("members", "wanted"),
    [
        ({"Expiration": {"Days": 0}}, "write 1 day or more"),
        ({"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 0}}, "write 1 day or more"),
        ({"Transitions": [{"Days": -1, "StorageClass": "GLACIER"}]}, "write 0 days or more"),
        ({"Expiration": {"Days": 1.5}}, "write a whole number of days"),
        (
            {OLD_ENDS: {"NoncurrentDays": 3, "NewerNoncurrentVersions": 0}},
            "write how many newer versions must exist, 1 or more, or leave it out",
        ),
        (
            {"Filter": {"ObjectSizeGreaterThan": "big"}, OLD_ENDS: {"NoncurrentDays": 3}},
            "write a whole number of bytes",
        ),
    ],
    ids=str,
)
def test_help_says_which_number_is_wanted(members: Json, wanted: str) -> None:
    assert in_json("FL229", **members) == [wanted]


@pytest.mark.parametrize(
    ("written", "fixed"),
    [
        ('"Status": "enabled"', '"Status": "Enabled"'),
        ('"Status": "DISABLED"', '"Status": "Disabled"'),
        ('"Days": "7"', '"Days": 7'),
    ],
)
def test_a_value_that_is_only_spelt_wrong_is_fixed(written: str, fixed: str) -> None:
    right = '{"Rules": [{"Status": "Enabled", "Prefix": "a/", "Expiration": {"Days": 7}}]}'
    key = written.split(":")[0]
    before = {'"Status"': '"Status": "Enabled"', '"Days"': '"Days": 7'}[key]
    text = right.replace(before, written)
    found = check_lifecycle_file(text.encode(), "r.json")
    fixes = [each.fix for each in found if each.fix]
    assert all(each.safe for each in fixes)
    assert apply(text, fixes)[0] == right.replace(before, fixed)


def test_all_that_is_wrong_with_an_expiration_is_found_at_once() -> None:
    ends = {"Days": 1, "Date": "2050-01-01T00:00:00Z", "ExpiredObjectDeleteMarker": True}
    content = json.dumps({"Rules": [{**GOOD, "Expiration": ends}]}).encode()
    found = {each.kind.code for each in check_lifecycle_file(content, "r.json")}
    assert {"FL226", "FL227"} <= found


def words(document: Json, code: str) -> str:
    """All that a finding says, without what S3 answers."""
    (found,) = (each for each in found_in_file(document) if each.kind.code == code)
    return " ".join((found.message, *(text for _, text in found.also), found.help))


def in_terraform(*rules: Json, schema_version: int = SDK) -> Json:
    return plan(lifecycle(*rules, bucket="logs", schema_version=schema_version))


def test_help_for_terraform_names_its_arguments() -> None:
    old = [{"noncurrent_days": 30, "newer_noncurrent_versions": None}]
    kept = rule(
        filter=filter_block(prefix="a/"),
        expiration=expiration(days=30),
        noncurrent_version_expiration=old,
    )
    assert "set `noncurrent_days` to" in words(in_terraform(kept), "FL242")
    newer = [{"noncurrent_days": None, "newer_noncurrent_versions": 3}]
    uncounted = rule(filter=filter_block(prefix="a/"), noncurrent_version_expiration=newer)
    said = words(in_terraform(uncounted), "FL234")
    assert "`noncurrent_days` is missing" in said
    assert "add `noncurrent_days`, and use `filter`" in said
    first = rule(prefix="b/", expiration=expiration(days=30))
    second = rule(id="c", filter=filter_block(prefix="c/"), expiration=expiration(days=30))
    said = words(in_terraform(first, second), "FL236")
    assert "`filter {}`" in said
    assert "`Filter`" not in said
    assert "`Prefix`" not in said


def test_help_for_pulumi_names_its_inputs() -> None:
    ends = {"id": "r", "status": "Enabled", "filter": {"prefix": "a/"}, "expiration": {"days": 9}}
    old = {"noncurrentVersionExpiration": {"noncurrentDays": 30}}
    assert "`noncurrentDays`" in words(preview(in_pulumi({**ends, **old})), "FL242")
    empty = {"id": "r", "status": "Enabled", "filter": {"prefix": "a/"}}
    assert "such as `expiration`" in words(preview(in_pulumi(empty)), "FL222")


def test_where_nothing_is_deleted_the_help_is_to_move_later() -> None:
    warm = {"Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}]}
    cold = {"Transitions": [{"Days": 35, "StorageClass": "GLACIER"}]}
    rules = [{**GOOD, **warm}, {**GOOD, "ID": "s", **cold}]
    assert helps(json.dumps({"Rules": rules}), "r.json", "FL502") == [
        "move to GLACIER at 60d or later, or drop the transition to STANDARD_IA"
    ]


def test_where_objects_are_deleted_the_help_is_to_delete_them_later() -> None:
    early = {
        "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
        "Expiration": {"Days": 35},
        OLD_ENDS: {"NoncurrentDays": 1},
    }
    (help,) = set(in_json("FL502", **early))
    assert "delete later" in help


def test_that_deleting_frees_nothing_is_said_of_buckets_that_keep_versions() -> None:
    """It is said too where nobody knows whether the bucket does."""
    content = json.dumps({"Rules": [{**GOOD, "Expiration": {"Days": 9}}]}).encode()
    (found,) = check_lifecycle_file(content, "r.json")
    assert found.kind.code == "FL310"
    assert "where versions are kept" in found.kind.title
