"""`firnline diff --out concise`, `github` and `sarif`: changes beside the lines that say them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main
from firnline.diagnostics.github import MOST_ANNOTATED
from tests.policies import whole
from tests.sarif_rules import require_ingestible
from tests.workflow_commands import Command, commands_in

Captured = pytest.CaptureFixture[str]
POLICY = whole(
    "versioning: off\n"
    "retain:\n"
    "  logs: {prefix: logs/, delete_after: 180d}\n"
    "  models: {prefix: models/, delete_after: 90d}\n"
)
SHORTER = POLICY.replace("180d", "18d").replace("90d", "120d")
LINE = POLICY.split("\n").index("  logs: {prefix: logs/, delete_after: 180d}") + 1
pytestmark = pytest.mark.usefixtures("socket_disabled", "repository")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With the project in a folder of its own, and a branch that turns 180 days into 18."""
    Path(tmp_path, "lab/policies").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "lab")
    policy(POLICY)
    git("init", "-q", "-b", "main", "..")
    commit()
    git("checkout", "-q", "-b", "change")
    policy(SHORTER)
    return tmp_path


def policy(text: str) -> None:
    Path("policies/lab.yaml").write_text(text)


def git(*words: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


def commit() -> None:
    git("add", "-A")
    git("commit", "-qm", "x")


def diff(capsys: Captured, name: str, *words: str) -> str:
    capsys.readouterr()
    main(["diff", *(words or ["git:main"]), "--out", name])
    return capsys.readouterr().out


def annotated(capsys: Captured, *words: str) -> list[Command]:
    return commands_in(diff(capsys, "github", *words))


def results(capsys: Captured, *words: str) -> list[Any]:
    document = json.loads(diff(capsys, "sarif", *words))
    require_ingestible(document)
    found: list[Any] = document["runs"][0]["results"]
    return found


def places(found: list[Any]) -> set[tuple[str, int]]:
    physical = [each["locations"][0]["physicalLocation"] for each in found]
    return {(each["artifactLocation"]["uri"], each["region"]["startLine"]) for each in physical}


def test_concise_is_a_line_for_each_item_with_its_gates(capsys: Captured) -> None:
    first, second = diff(capsys, "concise").splitlines()
    assert first.startswith(f"policies/lab.yaml:{LINE}:")
    assert ": deletes-sooner,FL401,FL410 example/logs: objects in logs/ by 162 days: " in first
    assert "delete 180d -> delete 18d; on lab/*/lab-data; item sha256:" in first
    assert f"policies/lab.yaml:{LINE + 1}:" in second
    assert ": keeps-longer example/models: " in second


def test_concise_is_empty_where_nothing_changes(capsys: Captured) -> None:
    policy(f"# reviewed\n{POLICY}")
    assert diff(capsys, "concise") == ""


def test_an_open_gate_is_annotated_where_its_retention_stands(capsys: Captured) -> None:
    found = annotated(capsys)
    assert [each.name for each in found] == ["error", "error"]
    for each in found:
        assert each.properties["file"] == "lab/policies/lab.yaml"
        assert each.properties["line"] == str(LINE)
    assert found[0].properties["title"] == "FL401 (gate): objects are deleted sooner than before"
    assert "objects in logs/ are deleted 162 days sooner than on git:main" in found[0].data
    assert "item sha256:" in found[0].data


def test_more_than_a_step_can_show_is_counted(capsys: Captured) -> None:
    entries = [f"  r{number}: {{prefix: r{number}/, delete_after: 90d}}" for number in range(20)]
    text = whole("versioning: off\nretain:\n" + "\n".join(entries) + "\n")
    policy(text)
    commit()
    policy(text.replace("90d", "9d"))
    found = annotated(capsys, "git:HEAD")
    assert len(found) == MOST_ANNOTATED + 1
    assert found[-1].data == (
        "31 more errors: 31 in lab/policies/lab.yaml; `firnline diff --all` shows everything"
    )
    assert found[-1].properties["title"] == "firnline diff"


def test_a_revision_is_annotated_in_the_files_of_the_repository(capsys: Captured) -> None:
    commit()
    assert {each.properties["file"] for each in annotated(capsys, "git:main", "git:HEAD")} == {
        "lab/policies/lab.yaml"
    }
    assert places(results(capsys, "git:main", "git:HEAD")) == {("lab/policies/lab.yaml", LINE)}


def test_every_open_gate_is_a_result_of_sarif(capsys: Captured) -> None:
    found = results(capsys)
    assert [each["ruleId"] for each in found] == ["FL401", "FL410"]
    assert {each["level"] for each in found} == {"error"}
    assert places(found) == {("lab/policies/lab.yaml", LINE)}


def test_a_result_stays_the_same_where_its_policy_moves(capsys: Captured) -> None:
    before = [each["partialFingerprints"] for each in results(capsys)]
    Path("policies/lab.yaml").unlink()
    Path("policies/other.yaml").write_text(f"# moved\n\n{SHORTER}")
    assert [each["partialFingerprints"] for each in results(capsys)] == before


def test_what_is_approved_or_no_gate_here_is_a_note(capsys: Captured) -> None:
    off = '{level = "off", why = "a sandbox"}'
    Path("firnline.toml").write_text(
        f"[gates.levels]\nFL401 = {off}\nFL402 = {off}\nFL410 = {off}\n"
    )
    commit()
    policy(SHORTER.replace("18d", "8d"))
    (only,) = results(capsys, "git:HEAD")
    assert (only["ruleId"], only["level"]) == ("FL401", "note")
    assert "no approval is needed here" in only["message"]["text"]
    (command,) = annotated(capsys, "git:HEAD")
    assert command.name == "notice"


def test_a_retention_that_is_gone_is_shown_at_its_policy(capsys: Captured) -> None:
    policy(POLICY.replace("  models: {prefix: models/, delete_after: 90d}\n", ""))
    policy(Path("policies/lab.yaml").read_text().replace("180d", "18d"))
    assert places(results(capsys)) == {("lab/policies/lab.yaml", LINE)}
    assert "policies/lab.yaml:2:9: lost-scope example/models: " in diff(capsys, "concise")


def test_rules_of_a_file_are_shown_there_and_live_ones_in_no_line(capsys: Captured) -> None:
    for name, days in (("before", 30), ("after", 20)):
        rule = {"ID": "r", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": days}}
        Path(f"{name}.json").write_text(json.dumps({"Rules": [rule]}, indent=1))
    found = results(capsys, "before.json", "after.json")
    assert places(found) == {("lab/after.json", 2)}


def test_what_stands_outside_of_the_repository_has_no_absolute_path(
    capsys: Captured, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    for name, days in (("before", "90d"), ("after", "9d")):
        (outside / f"{name}.yaml").write_text(POLICY.replace("90d", days))
    found = results(capsys, str(outside / "before.yaml"), str(outside / "after.yaml"))
    assert {path for path, _ in places(found)} == {"after.yaml"}
