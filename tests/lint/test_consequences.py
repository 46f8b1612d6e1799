"""What is missing because it is written under an unknown name is no finding of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firnline.lint.check import check_lifecycle_file
from firnline.s3.shape import Json

RULE: Json = {"Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 30}}
CONSEQUENCES: dict[str, tuple[Json, str]] = {
    "no action": ({"Expiration": None, "Delete": {"After": 3}}, "FL222"),
    "no filter": ({"Filter": None, "Where": "a/"}, "FL220"),
    "no days": ({"Transitions": [{"After": 3, "StorageClass": "GLACIER"}]}, "FL227"),
    "no class": ({"Transitions": [{"Days": 3, "To": "GLACIER"}]}, "FL231"),
    "no noncurrent days": ({"NoncurrentVersionExpiration": {"After": 3}}, "FL234"),
    "half a tag": ({"Filter": {"Tag": {"Key": "a", "Is": "b"}}}, "FL224"),
    "no abort days": ({"AbortIncompleteMultipartUpload": {"After": 3}}, "FL227"),
}
FINDINGS: dict[str, tuple[Json, str]] = {
    "a priority is no action": ({"Expiration": None, "Priority": 1}, "FL222"),
    "a priority is no filter": ({"Filter": None, "Priority": 1}, "FL220"),
    "another block": ({"Expiration": {"Y": 1}, "Transitions": [{"StorageClass": "X"}]}, "FL227"),
}


def codes(members: Json) -> set[str]:
    said: dict[str, Any] = {**RULE, **members}
    rule = {name: value for name, value in said.items() if value is not None}
    content = json.dumps({"Rules": [rule]}).encode()
    return {each.kind.code for each in check_lifecycle_file(content, "rules.json")}


@pytest.mark.parametrize(("members", "code"), CONSEQUENCES.values(), ids=CONSEQUENCES)
def test_a_consequence_is_left_out(members: Json, code: str) -> None:
    found = codes(members)
    assert "FL239" in found
    assert code not in found


@pytest.mark.parametrize(("members", "code"), FINDINGS.values(), ids=FINDINGS)
def test_what_is_wrong_by_itself_is_found_as_well(members: Json, code: str) -> None:
    assert {"FL239", code} <= codes(members)
