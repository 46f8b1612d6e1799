"""What zsh and fish complete, asked of the shells themselves."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from pathlib import Path

import pytest

from firnline.catalog import catalog
from tests.cli.completion_scripts import saved_script
from tests.install import SHELLS, find_shell

pytestmark = pytest.mark.slow

LINES = [
    ("firnline c", {"check", "comment", "compile", "completion", "conformance"}),
    ("firnline check --out ", {"text", "concise", "json", "junit", "github", "sarif"}),
    ("firnline --color ", {"auto", "always", "never"}),
    ("firnline completion ", {"bash", "zsh", "fish"}),
    ("firnline explain FL20", {k.code for k in catalog() if k.code.startswith("FL20")}),
]
_ASK_FISH = 'source $argv[1]; complete -C "$argv[2]" | string replace -r "\\t.*" ""'
# Where the shell was unpacked, it finds its modules and functions there.
_ZSHENV = """\
[[ -d {shells}/usr/lib ]] && module_path=({shells}/usr/lib/*/zsh/*(/N) $module_path)
[[ -d {shells}/usr/share/zsh ]] && fpath=({shells}/usr/share/zsh/functions/**/*(/N) $fpath)
"""
# What completion adds is written down, and then added.
_ZSHRC = """\
autoload -U compinit; compinit -D -u; eval "$(<{script})"
compadd() {{
  local -a offered
  if [[ "$*" != *-[OAD]* ]]; then
    builtin compadd -O offered "$@"; print -rl -- $offered >>{folder}/offered
  fi
  builtin compadd "$@"
}}
print >{folder}/ready
"""


@pytest.mark.parametrize(("line", "offered"), LINES)
def test_fish_completes(line: str, offered: set[str], tmp_path: Path) -> None:
    script = saved_script("fish", tmp_path)
    ran = subprocess.run(
        [_shell("fish"), "-c", _ASK_FISH, str(script), line],
        env=_environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert set(ran.stdout.split()) == offered


@pytest.mark.parametrize(("line", "offered"), LINES)
def test_zsh_completes(line: str, offered: set[str], tmp_path: Path) -> None:
    script = saved_script("zsh", tmp_path)
    (tmp_path / ".zshenv").write_text(_ZSHENV.format(shells=SHELLS))
    (tmp_path / ".zshrc").write_text(_ZSHRC.format(script=script, folder=tmp_path))
    shell, environment = _shell("zsh"), _environment(tmp_path)
    process, terminal = pty.fork()
    if process == 0:
        try:
            os.execve(shell, ["zsh", "-d", "-i"], environment)
        finally:
            os._exit(127)  # never a second pytest
    try:
        screen = _read(terminal, until=tmp_path / "ready")
        os.write(terminal, f"{line}\t".encode())
        screen += _read(terminal, until=tmp_path / "offered")
    finally:
        os.kill(process, 9)
        os.waitpid(process, 0)
        os.close(terminal)
    assert set((tmp_path / "offered").read_text().split()) == offered, screen


def _read(terminal: int, *, until: Path) -> str:
    """What the shell shows until a file is there and nothing more is said for a moment."""
    screen, deadline = b"", time.monotonic() + 30
    while time.monotonic() < deadline:
        said, _, _ = select.select([terminal], [], [], 0.5)
        if said:
            screen += os.read(terminal, 4096)
        elif until.exists():
            return screen.decode()
    raise AssertionError(f"{until.name} did not come: {screen.decode()}")


def _shell(name: str) -> str:
    found = find_shell(name)
    assert found, "`make test-all` installs the shells"
    return str(found)


def _environment(home: Path) -> dict[str, str]:
    libraries = os.pathsep.join(str(each) for each in SHELLS.glob("usr/lib/*-linux-*"))
    own = {"HOME": str(home), "ZDOTDIR": str(home), "TERM": "dumb", "LD_LIBRARY_PATH": libraries}
    return {**os.environ, **own}
