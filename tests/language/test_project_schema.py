"""The schema of a project offers its names, and accepts what the schema of the language accepts."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.cli import main
from firnline.language.model import Folder
from firnline.language.project_schema import policy_schema_of
from firnline.language.read_files import read_files
from firnline.language.schemas import FileKind, schema
from firnline.workspace import read_folder
from tests.rules.strategies import policies
from tests.test_golden import GOLDEN

SAMPLE, _ = read_files(read_folder(GOLDEN / "design-sample"))
PROJECT = jsonschema_rs.Draft7Validator(policy_schema_of(SAMPLE))
LANGUAGE = jsonschema_rs.Draft7Validator(schema(FileKind.POLICY))


@given(policies(), st.sampled_from(["ml-prod", "elsewhere", "*"]), st.data())
def test_what_is_valid_stays_the_same(document: dict[str, Any], label: str, data: Any) -> None:
    document["per_account"] = {label: {"uploads": {"abort_after": "3d"}}}
    if data.draw(st.booleans()):
        document["per_bucket"] = {label: {"uploads": {"abort": "3d"}}}
    assert PROJECT.is_valid(document) == LANGUAGE.is_valid(document)
    assert LANGUAGE.is_valid(document) != ("per_bucket" in document)


def test_without_a_fleet_nothing_but_durations_is_offered() -> None:
    document = policy_schema_of(Folder())
    assert "examples" not in document["properties"]["applies_to"]["items"]["properties"]["account"]
    assert "30d" in document["definitions"]["duration"]["examples"]


def test_the_command_prints_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(GOLDEN)
    assert main(["schema", "policy", "--project", "design-sample"]) == 0
    assert json.loads(capsys.readouterr().out) == policy_schema_of(SAMPLE)
    assert main(["schema", "fleet", "--project", "design-sample"]) == 2
