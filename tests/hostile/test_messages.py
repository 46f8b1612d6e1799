"""Whatever a command is asked for and cannot find: what it says of it is no workflow command."""

from __future__ import annotations

from pathlib import Path

import pytest

from firnline.cli import main
from tests.policies import whole
from tests.workflow_commands import commands_in

Captured = pytest.CaptureFixture[str]
FORGED = "x\n::error::forged\n  ::set-output name=gates::\n##[error]forged"
WORDS = [
    ["check", FORGED],
    ["check", "-C", FORGED],
    ["check", f"--fail-on={FORGED}"],
    ["check", f"--select={FORGED}"],
    ["check", f"--{FORGED}"],
    ["check", f"--base={FORGED}"],
    ["diff", FORGED, "policies"],
    ["diff", f"git:{FORGED}"],
    ["diff", f"--policies={FORGED}"],
    ["diff", "policies", "policies", f"--inventory={FORGED}"],
    ["diff", "policies", "policies", f"--out={FORGED}"],
    ["comment", FORGED],
    [FORGED],
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/lab.yaml").write_text(whole("retain: {a: {prefix: a/, keep: forever}}\n"))
    return tmp_path


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("words", WORDS, ids=lambda words: f"{words[0][:7]} {words[-1][:9]}")
def test_what_a_command_is_asked_for(words: list[str], capfd: Captured) -> None:
    assert commands_in(failed(words, capfd)) == []


@pytest.mark.parametrize("setting", ["policies", "unknown"])
def test_what_a_project_says_of_itself(project: Path, setting: str, capfd: Captured) -> None:
    (project / "firnline.toml").write_text(f'{setting} = """{FORGED}"""\n')
    assert commands_in(failed(["check"], capfd)) == []


def test_the_text_is_one_that_a_log_would_carry_out() -> None:
    assert len(commands_in(FORGED)) == 3


def failed(words: list[str], capfd: Captured) -> str:
    try:
        code = main(words)
    except SystemExit as stopped:
        code = stopped.code if isinstance(stopped.code, int) else 0
    assert code != 0
    said = "".join(capfd.readouterr())
    assert said
    return said
