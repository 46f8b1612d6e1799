"""`firnline diff` of 1,000 policies, one changed since the base commit, and reading that commit."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from functools import partial
from pathlib import Path

from benchmarks.figure import Figure, in_turn, processor_seconds
from firnline.revision.base_commit import project_base
from firnline.revision.read import read_revision

POLICIES, RETENTIONS = 1_000, 2
ROUNDS = 5


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        _write_repository()
        spent = partial(in_turn, rounds=ROUNDS, spent=processor_seconds)
        diff, _, ratio = spent(_diff, _check)
        yield Figure(f"{POLICIES:,} policies, one changed: `firnline diff`", diff, "s")
        yield Figure("  against `firnline check`", ratio, "×", 1.6)
        reading, _, ratio = spent(_read_git, _check)
        yield Figure("  of which finding the base commit and reading it", reading, "s")
        yield Figure("  against `firnline check`", ratio, "×", 0.2)
        yield Figure("  processes of git", _processes(), "", 10)


def _diff() -> None:
    ran = _firnline("diff", "--fail-on", "deletes-sooner")
    assert ran.returncode == 7, ran.stderr
    assert ran.stdout.startswith(b"1 change on 1,000 buckets: 1 deletes sooner")


def _check() -> None:
    assert _firnline("check").returncode == 0


def _firnline(*words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "firnline", *words], capture_output=True, check=False
    )


def _read_git() -> None:
    assert len(read_revision(project_base().commit)) == POLICIES


def _processes() -> int:
    """As many as a `git` counts that is found before the real one."""
    with tempfile.TemporaryDirectory() as folder:
        calls, git, path = Path(folder, "calls"), Path(folder, "git"), os.environ["PATH"]
        git.write_text(f'#!/bin/sh\necho >> {calls}\nPATH="{path}" exec git "$@"\n')
        git.chmod(0o755)
        os.environ["PATH"] = f"{folder}{os.pathsep}{path}"
        try:
            _read_git()
        finally:
            os.environ["PATH"] = path
        return len(calls.read_text().splitlines())


def _write_repository() -> None:
    Path("policies").mkdir()
    for number in range(POLICIES):
        Path(f"policies/p{number}.yaml").write_text(_policy(number))
    _git("init", "-b", "main")
    _git("add", ".")
    _git("commit", "-m", "begin")
    _git("switch", "-c", "shorter")
    changed = Path("policies/p7.yaml")
    changed.write_text(changed.read_text().replace("180d", "18d"))
    _git("commit", "-a", "-m", "180 days are too many")


def _git(*words: str) -> None:
    identity = ("-c", "user.name=lab", "-c", "user.email=lab@example.com")
    subprocess.run(["git", *identity, *words], check=True, capture_output=True)


def _policy(number: int) -> str:
    retentions = "".join(
        f"  r{each}: {{prefix: team/{each}/, warm_after: 14d, delete_after: {180 + each}d,"
        " old_versions: {delete_after: 7d}}\n"
        for each in range(RETENTIONS)
    )
    return (
        f"firnline: policy/v1\npolicy: p{number}\nowner: lab\nwhy: a benchmark\n"
        f"applies_to: [{{account: lab, buckets: b{number}}}]\nversioning: enabled\n"
        f"uploads: {{abort_after: 7d}}\nretain:\n{retentions}"
    )
