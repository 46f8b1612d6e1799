"""`firnline diff --references`: which references a change dooms, and which it saves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from firnline.reach.reference_lines import Line
from firnline.reach.references import Strength
from tests.cli.reference_files import needed, write_references
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
CHURN = needed("models/churn/14", "model churn v14", "alias champion")
FILE = "references.jsonl"
KEEPS = "retain: {models: {prefix: models/, delete_after: never}}"
DELETES = "retain: {models: {prefix: models/, delete_after: 365d}}"
SOONER = "retain: {models: {prefix: models/, delete_after: 30d}}"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "400")


def diff(
    capsys: Captured, before: str, after: str, *words: str, found: tuple[Line, ...] = (CHURN,)
) -> tuple[int, str, str]:
    for name, text in (("a", before), ("b", after)):
        Path(name).mkdir(exist_ok=True)
        Path(name, "p.yaml").write_text(whole(text))
    write_references(Path(FILE), found)
    return again(capsys, *words)


def again(capsys: Captured, *words: str, one: str = "a") -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["diff", one, "b", "--references", FILE, "--as-of", "2026-11-21", *words])
    out, err = capsys.readouterr()
    return code, out, err


def as_json(capsys: Captured, one: str = "a") -> Any:
    found = json.loads(again(capsys, "--out", "json", one=one)[1])
    assert main(["schema", "diff"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(found)
    return found["references"]


def counts(found: Any) -> list[list[tuple[str, int]]]:
    return [
        [(each["code"], each["days"]) for each in found[name]]
        for name in ("added", "removed", "standing")
    ]


def test_what_a_change_dooms_is_an_error_with_its_name_and_day(capsys: Captured) -> None:
    code, out, _ = diff(capsys, KEEPS, DELETES)
    assert code == 1
    assert "1 reference is newly doomed, by references.jsonl, read on 2026-11-20" in out
    doomed = "model churn v14 ← alias champion (in lab-data, deleted 365d after they were written)"
    assert f"newly doomed: {doomed}" in out
    assert "error[FL620]" in out
    assert "--> b/p.yaml:7:50" in out
    assert counts(as_json(capsys)) == [[("FL620", 365)], [], []]


def test_what_it_saves_and_what_stays_so_is_no_error(capsys: Captured) -> None:
    code, out, _ = diff(capsys, DELETES, KEEPS)
    assert code == 0
    assert "no reference is newly doomed, by references.jsonl, read on 2026-11-20" in out
    assert "no longer doomed: model churn v14 ← alias champion" in out
    assert counts(as_json(capsys)) == [[], [("FL620", 365)], []]
    code, out, _ = diff(capsys, DELETES, DELETES)
    assert code == 0
    assert "1 reference was doomed before: `firnline check --references`" in out
    assert "FL620" not in out
    assert counts(as_json(capsys)) == [[], [], [("FL620", 365)]]


def test_what_goes_sooner_is_doomed_anew_and_what_goes_later_is_not(capsys: Captured) -> None:
    diff(capsys, DELETES, SOONER)
    assert counts(as_json(capsys)) == [[("FL620", 30)], [], []]
    diff(capsys, SOONER, DELETES)
    assert counts(as_json(capsys)) == [[], [], [("FL620", 365)]]


def test_a_filter_that_falls_away_dooms_the_objects_without_it(capsys: Captured) -> None:
    tagged = "retain: {m: {prefix: models/, tags: {class: tmp}, delete_after: 365d}}"
    diff(capsys, tagged, DELETES)
    assert counts(as_json(capsys)) == [[("FL620", 365)], [], []]
    diff(capsys, DELETES, tagged)
    assert counts(as_json(capsys)) == [[], [], [("FL620", 365)]]


def test_what_one_retention_takes_over_from_several_is_not_doomed_anew(capsys: Captured) -> None:
    several = (
        "retain: {a: {prefix: models/churn/, delete_after: 365d},"
        " b: {prefix: models/fraud/, delete_after: 30d}}"
    )
    found = (CHURN, needed("models/fraud/3"), needed("models/idle/1"))
    diff(capsys, several, DELETES, found=found)
    told = as_json(capsys)
    assert counts(told) == [[("FL620", 365)], [], [("FL620", 365)]]
    assert [each["location"] for each in told["added"][0]["named"]] == [
        "s3://lab-data/models/idle/1/"
    ]
    assert told["standing"][0]["count"] == 2


def test_rules_of_a_lifecycle_file_are_compared_too(capsys: Captured) -> None:
    diff(capsys, KEEPS, DELETES)
    rule = {"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 365}}
    Path("lab-data.json").write_text(json.dumps({"lab/*/lab-data": {"Rules": [rule]}}))
    assert counts(as_json(capsys, one="lab-data.json")) == [[], [], [("FL620", 365)]]


def test_an_active_run_alone_does_not_fail(capsys: Captured) -> None:
    live = needed("models/x", "run 7", strength=Strength.LIVE)
    code, out, _ = diff(capsys, KEEPS, DELETES, "--fail-on", "gate", found=(live,))
    assert code == 5  # the gates of the change are open
    assert "warning[FL621]" in out


def test_models_are_named_before_runs(capsys: Captured) -> None:
    live = needed("models/x", "run 7", strength=Strength.LIVE)
    _, out, _ = diff(capsys, KEEPS, DELETES, found=(live, CHURN))
    assert out.index("newly doomed: model churn v14") < out.index("newly doomed: run 7")


def test_a_file_that_is_too_old_is_an_error(capsys: Captured) -> None:
    diff(capsys, KEEPS, KEEPS)
    write_references(Path(FILE), [CHURN], made=datetime(2026, 10, 1, tzinfo=UTC))
    code, out, _ = again(capsys)
    assert code == 1
    assert "what registries need is not known by references.jsonl, read on 2026-10-01" in out
    assert "FL623" in out
    assert as_json(capsys)["is_trusted"] is False


@pytest.mark.parametrize("form", ["markdown", "markdown-plain", "html", "github-summary"])
def test_reports_have_it_too(form: str, capsys: Captured) -> None:
    diff(capsys, KEEPS, DELETES)
    _, out, _ = again(capsys, "--out", form)
    assert "1 reference is newly doomed" in out
    assert "model churn v14 ← alias champion" in out
    assert "FL620" in out


@pytest.mark.parametrize("form", ["github", "sarif", "concise"])
def test_the_lines_of_the_policies_have_it_too(form: str, capsys: Captured) -> None:
    diff(capsys, KEEPS, DELETES)
    assert "model churn v14" in again(capsys, "--out", form)[1]


def test_without_references_nothing_is_said_of_them(capsys: Captured) -> None:
    diff(capsys, KEEPS, DELETES)
    capsys.readouterr()
    main(["diff", "a", "b", "--out", "json"])
    assert json.loads(capsys.readouterr().out)["references"] is None
