"""Diagnostics as annotations of GitHub Actions, read back as its runner reads them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.cli import main
from firnline.diagnostics.github import MOST_ANNOTATED, to_github
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import BucketPlace, Source, Span
from firnline.diagnostics.repository import Repository
from firnline.diagnostics.visible import visible
from tests.policies import TODAY, whole
from tests.workflow_commands import Command, commands_in

KIND = Kind("FL999", "test", Severity.ERROR, "a title: of commas, too", "why", "do this", "", "")
HERE = Repository("/work/repo", "/work/repo/services", "policies/fleet.lock.yaml")


def found(message: str = "wrong", path: str = "policies/a.yaml", line: int = 1) -> Diagnostic:
    source = Source(path, "\n" * (line - 1) + "owner: me\n")
    return KIND.at(Span(source, line + 6, line + 8), message)


def annotated(*each: Diagnostic) -> list[Command]:
    return commands_in(to_github(each, repository=HERE))


def test_an_annotation_names_the_file_from_the_top_of_the_repository_and_the_place_in_it() -> None:
    (command,) = annotated(found(line=3))
    assert command == Command(
        "error",
        {
            "title": "FL999: a title: of commas, too",
            "file": "services/policies/a.yaml",
            "line": "3",
            "col": "8",
        },
        "wrong\nhelp: do this\nfirnline explain FL999",
    )


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("../policies/a.yaml", "policies/a.yaml"),
        ("/work/repo/b.yaml", "b.yaml"),
        ("100%,a:b=c.yaml", "services/100%,a:b=c.yaml"),
        ("/work/repository/b.yaml", None),
        ("../../b.yaml", None),
        ("<stdin>", None),
    ],
)
def test_a_file_outside_of_the_repository_is_named_in_the_text(
    path: str, shown: str | None
) -> None:
    (command,) = annotated(found(path=path))
    assert command.properties.get("file") == shown
    assert command.data.startswith("wrong\n" if shown else f"{path}:1:8: wrong\n")


def test_a_finding_about_a_bucket_names_it_and_no_file() -> None:
    (command,) = annotated(KIND.at(BucketPlace("logs", "111122223333"), "has foreign rules"))
    assert set(command.properties) == {"title"}
    assert command.data.startswith("s3://logs (account 111122223333): has foreign rules\n")


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "notice")],
)
@pytest.mark.parametrize("more", [0, 1, 31])
def test_nine_of_a_level_are_shown_and_a_tenth_says_how_many_more_and_where(
    severity: Severity, level: str, more: int
) -> None:
    most = MOST_ANNOTATED
    names = [f"{'a' if nth < most + more // 2 else 'b'}.yaml" for nth in range(most + more)]
    each = [replace(found(str(nth), path), severity=severity) for nth, path in enumerate(names)]
    commands = annotated(*each)
    assert {command.name for command in commands} == {level}
    assert [command.data.split("\n")[0] for command in commands[:most]] == list(
        map(str, range(most))
    )
    assert len(commands) == most + (more > 0)
    if more == 31:
        said = f"31 more {level}s: 16 in services/b.yaml, 15 in services/a.yaml;"
        assert commands[-1].data.startswith(said)
        assert "file" not in commands[-1].properties


def test_a_gate_is_an_error_among_the_errors_and_named() -> None:
    gates = [replace(found(f"g{nth}"), severity=Severity.GATE) for nth in range(5)]
    commands = annotated(*gates, *(found(str(nth)) for nth in range(7)))
    assert [each.name for each in commands] == ["error"] * 10
    titles = [each.properties["title"].split(":")[0] for each in commands]
    assert titles == ["FL999"] * 7 + ["FL999 (gate)"] * 2 + ["firnline check"]


def test_errors_do_not_take_the_room_of_warnings() -> None:
    warnings = [replace(found(f"w{nth}"), severity=Severity.WARNING) for nth in range(3)]
    names = [each.name for each in annotated(*(found(f"{nth}") for nth in range(40)), *warnings)]
    assert names == ["error"] * 10 + ["warning"] * 3


@given(st.text(max_size=300), st.text(min_size=1, max_size=80))
def test_any_text_and_any_name_is_read_back_as_it_was_meant(message: str, name: str) -> None:
    path = f"policies/x{name.replace('/', '-')}.yaml"
    output = to_github([found(message, path)], repository=HERE)
    assert output.count("\n") == 1
    (command,) = commands_in(output)
    assert command.properties["file"] == visible(f"services/{path}")
    said = "\n".join(visible(line) for line in message.split("\n"))
    assert command.data == f"{said}\nhelp: do this\nfirnline explain FL999"


def test_a_message_is_no_longer_than_the_runner_takes() -> None:
    (command,) = annotated(found(f"`{'x' * 10_000_000}` is no duration"))
    assert len(command.data) < 4096
    assert command.data.startswith("`xxx")
    assert "` is no duration\nhelp: do this" in command.data


@pytest.mark.parametrize("called_in", [".", "services", "services/policies"])
def test_paths_are_the_same_wherever_the_command_is_called(
    called_in: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    policies = tmp_path / "services/policies"
    policies.mkdir(parents=True)
    (policies / "a.yaml").write_text(whole("retain: {r: {prefix: r/, delete_after: 30}}"))
    monkeypatch.chdir(tmp_path / called_in)
    assert main(["check", "--today", f"{TODAY}", os.path.relpath(policies), "--out", "github"]) == 1
    (command,) = commands_in(capsys.readouterr().out)
    assert command.properties["file"] == "services/policies/a.yaml"


def test_outside_of_a_repository_paths_start_at_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "live").mkdir()
    (tmp_path / "live/a.yaml").write_text(whole("retain: {r: {prefix: r/, delete_after: 30}}"))
    monkeypatch.chdir(tmp_path / "live")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert main(["check", "--today", f"{TODAY}", "a.yaml", "--out", "github"]) == 1
    (command,) = commands_in(capsys.readouterr().out)
    assert command.properties["file"] == "live/a.yaml"
