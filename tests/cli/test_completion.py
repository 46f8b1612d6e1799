"""What the shells complete: bash itself is asked, the scripts of zsh and fish are read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from firnline.catalog import catalog
from firnline.cli import COMMANDS, main
from firnline.cli.completion import SHELLS
from tests.cli.completion_scripts import ARGUMENT, command_line, fish, saved_script, zsh

# As readline does it: the words, which of them the cursor is in, and the function that was named.
_ASK_BASH = r"""
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
named=$(complete -p firnline); named=${named##*-F }; "${named%% *}"
printf '%s\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The script of each shell, saved."""
    folder = tmp_path_factory.mktemp("scripts")
    return {shell: saved_script(shell, folder) for shell in SHELLS}


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("firnline c", {"check", "comment", "compile", "completion", "conformance"}),
        ("firnline check --to", {"--today"}),
        ("firnline check --out ", {"text", "concise", "json", "junit", "github", "sarif"}),
        ("firnline --color ", {"auto", "always", "never"}),
        ("firnline explain FL30", {k.code for k in catalog() if k.code.startswith("FL30")}),
        (
            "firnline schema ",
            {"policy", "fleet", "fleet-lock", "expectations", "approvals", "settings"}
            | {
                "advise",
                "audit",
                "mlflow-check",
                "retention-report",
                "report",
                "conformance",
                "coverage",
                "simulate",
                "diff",
                "test",
                "baseline",
                "forecast",
                "iam",
                "prices",
                "reads",
                "realised",
                "rollout",
                "rollout-events",
                "rollout-plan",
                "schedule",
                "stored",
                "summary",
                "verify",
                "writers",
            },
        ),
        ("firnline prices ", {"show", "update"}),
        ("firnline inventory ", {"list", "reads", "report", "summary"}),
        ("firnline inventory list --re", {"--restart"}),
        ("firnline completion ", {"bash", "zsh", "fish"}),
        ("firnline check pol", {"policies"}),
        ("firnline -C pol", {"policies"}),
        ("firnline check policies/", {"policies/lab.yaml"}),
    ],
)
def test_bash_completes(
    line: str, offered: set[str], script: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/lab.yaml").touch()
    words = ["bash", "-c", _ASK_BASH, "bash", str(script["bash"]), *line.split(" ")]
    assert set(_said(words, tmp_path).split("\n")) == offered


def test_bash_is_offered_every_command(script: dict[str, Path], tmp_path: Path) -> None:
    words = ["bash", "-c", _ASK_BASH, "bash", str(script["bash"]), "firnline", ""]
    assert set(_said(words, tmp_path).split()) == set(COMMANDS)


def test_bash_can_read_its_script(script: dict[str, Path], tmp_path: Path) -> None:
    _said(["bash", "-n", str(script["bash"])], tmp_path)


def test_zsh_is_told_all_that_the_command_line_takes(script: dict[str, Path]) -> None:
    assert zsh(script["zsh"]) == command_line()


def test_fish_is_told_all_that_the_command_line_takes(script: dict[str, Path]) -> None:
    """But for arguments of which nothing is known: of those fish needs no word."""
    known = {each for each in command_line() if each.word != ARGUMENT or each.offered}
    assert fish(script["fish"]) == known


def test_shtab_is_imported_for_this_command_alone() -> None:
    asked = "import sys, firnline.cli as c; c.main(['schema']); sys.exit('shtab' in sys.modules)"
    subprocess.run([sys.executable, "-c", asked], check=True, stdout=subprocess.DEVNULL)


def test_another_shell_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["completion", "tcsh"])
    assert stopped.value.code == 2
    assert "one of bash, zsh, fish" in capsys.readouterr().err


def _said(words: list[str], folder: Path) -> str:
    ran = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.strip("\n")
