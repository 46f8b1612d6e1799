"""`firnline gc audit` without `--references` reads registries itself, and then says the same."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from firnline.cli import main, registry_progress
from firnline.cli.item_options import now
from firnline.reach.collect import Opened
from tests.cli.test_gc_audit import FIELDS, row
from tests.inventory.facts.written import write

Captured = pytest.CaptureFixture[str]
FLEET = """\
firnline: fleet/v1
namespace: acme
accounts: {lab: {id: "123456789012", regions: us-east-1}}
registries:
  models: {json: {file: ../models.json, path: "versions[*].artifact"}}
"""
TABLE = "  table: {dynamodb: {account: lab, region: us-east-1, table: gone, path: uri}}\n"
POLICY = """\
firnline: policy/v1
policy: models
owner: ml
why: models, as long as anything needs them
applies_to: [{account: lab, buckets: lab}]
versioning: enabled
retain:
  models:
    prefix: models/
    delete_after: 7d
    delete_when: unreferenced
    old_versions: {delete_after: 30d}
references: {from: [models], grace: 14d}
uploads: {abort_after: 7d}
"""
BOTO3 = pytest.mark.usefixtures("aws")


def register(*folders: str) -> None:
    versions = [{"artifact": f"s3://lab/models/{each}/"} for each in folders]
    Path("models.json").write_text(json.dumps({"versions": versions}))


def inventory(folder: Path, age: timedelta = timedelta(days=1)) -> str:
    rows = [row(f"models/{each}/model.pt", 2**30, 100) for each in "abcd"]
    return str(write(folder, rows, FIELDS, made=now() - age))


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    Path("policies").mkdir()
    Path("policies/fleet.yaml").write_text(FLEET)
    Path("policies/models.yaml").write_text(POLICY)
    register("a", "b", "c")
    return inventory(tmp_path)


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def answer(capsys: Captured, *words: str) -> Any:
    assert main(["gc", "audit", *words, "--out", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def refusal(capsys: Captured, code: int, *words: str) -> str:
    assert main(["gc", "audit", *words]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    return " ".join(captured.err.split())


def test_the_answer_is_that_of_reading_registries_first(manifest: str, capsys: Captured) -> None:
    assert main(["gc", "refs", "--out", "refs.jsonl"]) == 0
    capsys.readouterr()
    first = answer(capsys, manifest, "--references", "refs.jsonl")
    at_once = answer(capsys, manifest)
    ((bucket,), (one,)) = first["buckets"], at_once["registries"]
    assert [each["key"] for each in bucket["orphans"]] == ["models/d/model.pt"]
    assert (one["name"], one["records"]) == ("models", 3)
    for each in (first, at_once):
        del each["references"]  # when they were read
    assert at_once == first


def test_it_says_what_was_read_and_leaves_no_file_behind(manifest: str, capsys: Captured) -> None:
    before = {each.name for each in Path().iterdir()}
    assert main(["gc", "audit", manifest]) == 0
    told = capsys.readouterr().err
    assert "models (json): complete\n  3 records in 1 page" in told
    assert "no earlier answers were compared with these: --save-references FILE" in told
    assert {each.name for each in Path().iterdir()} == before
    assert not list(Path("temporary").iterdir())


def test_a_registry_that_was_not_read_whole_gives_no_verdict(
    manifest: str, capsys: Captured
) -> None:
    Path("models.json").write_text('{"versions": [{"artifact": "s3://lab/models/a"}, {}]}')
    told = refusal(capsys, 1, manifest)
    assert "no verdict: registry `models` (json) was not read whole: has 1 location at" in told


def test_a_registry_that_names_nothing_gives_no_verdict(manifest: str, capsys: Captured) -> None:
    register()
    assert "registry `models` (json) was not read whole: names" in refusal(capsys, 1, manifest)


@BOTO3
def test_a_registry_that_gives_no_access_gives_no_verdict_and_a_code_of_its_own(
    manifest: str, capsys: Captured
) -> None:
    Path("policies/fleet.yaml").write_text(FLEET + TABLE)
    assert "registry `table` (dynamodb) was not read whole" in refusal(capsys, 3, manifest)


def test_answers_are_kept_where_that_is_wanted_and_compared_with_the_next(
    manifest: str, capsys: Captured
) -> None:
    kept = ("--save-references", "refs.jsonl")
    first = answer(capsys, manifest, *kept)
    assert answer(capsys, manifest, "--references", "refs.jsonl") == first
    register("a")
    told = refusal(capsys, 1, manifest, *kept)
    assert "registry `models` (json) was not read whole: names 1 reference, and 3 on" in told
    refusal(capsys, 1, manifest, *kept)  # the answer that shrank is not what the next one is to be
    register("a", "b", "c")
    assert answer(capsys, manifest, *kept)["buckets"] == first["buckets"]


def test_what_was_read_already_is_not_saved_again(manifest: str, capsys: Captured) -> None:
    words = (manifest, "--references", "a", "--save-references", "b")
    assert "leave it or --save-references out" in refusal(capsys, 2, *words)


def test_a_registry_with_fewer_records_than_in_the_last_audit_gives_no_verdict(
    manifest: str, capsys: Captured
) -> None:
    assert main(["gc", "audit", manifest, "--out", "json:last.json"]) == 0
    capsys.readouterr()
    register("a")
    told = refusal(capsys, 1, manifest, "--previous", "last.json")
    assert "registry `models` has 1 records, and 3 in last.json" in told


@pytest.mark.usefixtures("manifest")
def test_an_inventory_of_a_later_time_than_the_reading_gives_no_verdict(
    tmp_path: Path, capsys: Captured
) -> None:
    later = tmp_path / "later"
    later.mkdir()
    told = refusal(capsys, 1, inventory(later, timedelta(hours=-3)))
    assert "no verdict: what registries answered now is of" in told
    assert told.endswith("has no reference yet: audit again")


def test_no_registry_is_read_for_inventories_that_are_not_there(manifest: str) -> None:
    program = "{exec: {command: [touch, ../was-read]}} #"
    fleet = FLEET.replace("{json: {file: ../models.json,", program)
    Path("policies/fleet.yaml").write_text(fleet)
    assert main(["gc", "audit", "absent/manifest.json"]) == 2
    assert not Path("was-read").exists()
    assert main(["gc", "audit", manifest]) == 1
    assert Path("was-read").exists()


def test_a_folder_without_a_project_is_told_where_registries_stand(
    manifest: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/firnline.toml").touch()
    monkeypatch.chdir(tmp_path / "elsewhere")
    told = refusal(capsys, 2, manifest)
    assert "registries are named in the fleet file of a project: say where it is with" in told


def test_how_far_a_registry_is_read_is_said_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(registry_progress, "_SECONDS", 0.0)
    monkeypatch.setattr(registry_progress, "_BETWEEN_LOOKS", 2)
    read: Any = lambda: iter("abcde")  # noqa: E731  # what is read does not matter here
    with registry_progress.registry_progress([Opened("ml", "mlflow", read)], "never") as (one,):
        assert [*one.read()] == [*"abcde"]
    what = "reading registry ml (mlflow), 1 of 1"
    assert capsys.readouterr().err.splitlines() == [what, f"{what}: 2 lines", f"{what}: 4 lines"]
