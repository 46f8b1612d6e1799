"""Runs what a page shows, in a folder of its own that holds what a fresh clone would."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from os.path import isfile
from pathlib import Path

import pytest

from sandbox import emulator_process
from sandbox.paths import CHECKOUT, SandboxPaths
from tests.docs.pages import Block, Command
from tests.policies import TODAY

_LENT = (".venv", ".engine")
_COLUMNS = "100"
# As of a day on which the tables of S3's rules are new, where the page says none.
_CHECK = re.compile(r"\bfirnline check\b(?!.*--today)")
_AS_OF = f"firnline check --today {TODAY}"
# `aws`, as far as pages call it.
_FAKES = CHECKOUT / "tests/docs/outside"


@dataclass(frozen=True, slots=True)
class Clone:
    """A copy of the checkout, less what git ignores; `.venv` and `.engine` are the checkout's.
    `cd FOLDER` holds for the commands below it, as in a shell: `entered` are the folders.
    """

    folder: Path
    entered: list[str] = field(default_factory=list)

    @property
    def sandbox_runs(self) -> bool:
        return emulator_process.find_running(SandboxPaths(self.folder)) is not None

    def do(self, step: Block | Command) -> str:
        """What a command prints; a file is saved and prints nothing."""
        if isinstance(step, Command):
            return self.run(step.text, must_succeed=step.hidden)
        assert step.file is not None
        path = self.folder / step.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(step.content, encoding="utf-8")
        return ""

    def run(self, command: str, *, must_succeed: bool = False) -> str:
        """In the sandbox, if one was started here; output and errors as on a terminal."""
        if command.startswith("cd "):
            self.entered.append(command.removeprefix("cd "))
            assert self._current.is_dir(), f"{command}: there is no such folder"
            return ""
        if command.startswith("make ") and not (CHECKOUT / ".venv/.installed-from").exists():
            pytest.skip("`make` would install into .venv: `make install` does so once")
        words = ["bash", "-c", _CHECK.sub(_AS_OF, command)]
        if self.sandbox_runs and not command.startswith("make "):
            words = [str(self.folder / ".venv/bin/python"), "-m", "sandbox", "run", "--", *words]
        ran = subprocess.run(
            words,
            cwd=self._current,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
            check=False,
        )
        assert ran.returncode == 0 or not must_succeed, f"{command}\n{ran.stdout}"
        return ran.stdout

    @property
    def _current(self) -> Path:
        return self.folder.joinpath(*self.entered)

    def _environment(self) -> dict[str, str]:
        """Nothing of a real account, and no terminal's habits."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "PULUMI_", "FIRNLINE_", "FORCE_COLOR"))
        }
        return {
            **kept,
            "PATH": os.pathsep.join([str(_FAKES), str(self.folder / ".venv/bin"), kept["PATH"]]),
            "PYTHON": sys.executable,  # of make
            # Before what .venv has installed, which may be another checkout's code.
            "PYTHONPATH": f"{self.folder / 'compiler'}{os.pathsep}{self.folder}",
            "PYTHONUNBUFFERED": "1",  # so that stdout and stderr come in the order of a terminal
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "COLUMNS": _COLUMNS,
            "NO_COLOR": "1",
        }


@contextmanager
def cloned(folder: Path) -> Iterator[Clone]:
    """Ends the sandbox that was started in it, if any.

    With what Python has compiled: without, that is two fifths of the time of a `firnline check`.
    """
    sources, compiled = _committed(), list[str]()
    for parent, names in _by_folder(sources).items():
        (folder / parent).mkdir(parents=True, exist_ok=True)
        if any(name.endswith(".py") for name in names):
            (folder / parent / "__pycache__").mkdir(exist_ok=True)
        compiled += _compiled(parent, {name.removesuffix(".py") for name in names})
    for path in sources:
        _copy(f"{CHECKOUT}/{path}", f"{folder}/{path}")
    for path in compiled:
        _lend(f"{CHECKOUT}/{path}", f"{folder}/{path}")
    for name in _LENT:
        (folder / name).symlink_to(CHECKOUT / name)
    try:
        yield Clone(folder)
    finally:
        emulator_process.down(SandboxPaths(folder))


def _by_folder(paths: Iterable[str]) -> Mapping[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for path in paths:
        parent, _, name = path.rpartition("/")
        found[parent].append(name)
    return found


def _compiled(parent: str, stems: Set[str]) -> list[str]:
    """What Python compiled from the modules of a folder."""
    cache = CHECKOUT / parent / "__pycache__"
    names = os.listdir(cache) if cache.is_dir() else []
    here = f"{parent}/__pycache__".removeprefix("/")
    return [f"{here}/{name}" for name in names if name.partition(".")[0] in stems]


def _copy(source: str, target: str) -> None:
    """With its time, by which Python knows what it compiled; half of what `shutil.copy2` takes."""
    said = os.stat(source)
    shutil.copyfile(source, target)
    os.utime(target, ns=(said.st_atime_ns, said.st_mtime_ns))
    if said.st_mode & 0o111:
        os.chmod(target, said.st_mode)


def _lend(source: str, target: str) -> None:
    """Python writes what it compiles in a new file, so that the checkout's stays as it is."""
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def _committed() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for path in listed.stdout.split("\0") if path and isfile(f"{CHECKOUT}/{path}")]
