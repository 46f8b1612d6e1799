"""What the shells complete, asked of the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from firnline.catalog import catalog
from firnline.cli import COMMANDS, main
from firnline.cli.completion import SHELLS

# As readline does it: the words, which of them the cursor is in, and the function that was named.
_ASK_BASH = r"""
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
named=$(complete -p firnline); named=${named##*-F }; "${named%% *}"
printf '%s\n' "${COMPREPLY[@]}"
"""
_ASK_FISH = 'source $argv[1]; complete -C "$argv[2]" | string replace -r "\t.*" ""'
_ASK_ZSH = 'autoload -U compinit; compinit -D -u; eval "$(<$1)"; print $_comps[firnline]'
# Not every machine has them; bash is asked everywhere.
INSTALLED = [shell for shell in SHELLS if shutil.which(shell)]


@pytest.fixture
def script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Path]:
    """The script of each shell, saved."""
    paths = {shell: tmp_path / f"completion.{shell}" for shell in SHELLS}
    for shell, path in paths.items():
        assert main(["completion", shell]) == 0
        path.write_text(capsys.readouterr().out)
    return paths


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("firnline c", {"check", "compile", "completion", "conformance"}),
        ("firnline check --to", {"--today"}),
        ("firnline check --out ", {"text", "concise", "json"}),
        ("firnline --color ", {"auto", "always", "never"}),
        ("firnline explain FL30", {k.code for k in catalog() if k.code.startswith("FL30")}),
        (
            "firnline schema ",
            {"policy", "fleet", "fleet-lock", "report", "conformance", "simulate", "diff"},
        ),
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


@pytest.mark.parametrize("shell", INSTALLED)
def test_a_script_is_one_that_its_shell_can_read(shell: str, script: dict[str, Path]) -> None:
    _said([shell, "-n", str(script[shell])], script[shell].parent)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_knows_every_command(shell: str, script: dict[str, Path]) -> None:
    for command in COMMANDS:
        assert command in script[shell].read_text()


@pytest.mark.parametrize("shell", [shell for shell in INSTALLED if shell != "bash"])
def test_zsh_and_fish_take_the_script_as_the_help_says(
    shell: str, script: dict[str, Path], tmp_path: Path
) -> None:
    if shell == "zsh":
        words = ["zsh", "-fc", _ASK_ZSH, "zsh", str(script["zsh"])]
        assert _said(words, tmp_path) == "_shtab_firnline"
    else:
        words = ["fish", "-c", _ASK_FISH, str(script["fish"]), "firnline explain FL301"]
        assert _said(words, tmp_path) == "FL301"


def test_shtab_is_imported_for_this_command_alone() -> None:
    asked = "import sys, firnline.cli as c; c.main(['schema']); sys.exit('shtab' in sys.modules)"
    subprocess.run([sys.executable, "-c", asked], check=True, stdout=subprocess.DEVNULL)


def test_another_shell_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["completion", "tcsh"])
    assert stopped.value.code == 2
    assert "choose from" in capsys.readouterr().err


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
