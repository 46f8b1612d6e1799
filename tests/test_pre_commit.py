"""The hooks for pre-commit, installed from this repository into a repository of somebody else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.running import cloned
from tests.policies import whole

GOOD = whole("retain: {tmp: {prefix: tmp/, delete_after: 7d}}")
_GIT = ("git", "-c", "user.name=tests", "-c", "user.email=tests@firnline.invalid")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What people name as `repo:`."""
    with cloned(tmp_path_factory.mktemp("published")) as clone:
        for name in (".venv", ".engine"):
            (clone.folder / name).unlink()
        _committed(clone.folder)
        return clone.folder


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    (tmp_path / "theirs/policies").mkdir(parents=True)
    (tmp_path / "theirs/README.md").write_text("a policy: see policies/\n")
    return tmp_path / "theirs"


@pytest.mark.slow
def test_check_lets_a_good_policy_pass_and_stops_a_bad_one(published: Path, theirs: Path) -> None:
    (theirs / "policies/lab.yaml").write_text(GOOD)
    code, printed = _tried(published, "firnline-check", theirs)
    assert (code, "Passed" in printed) == (0, True), printed
    (theirs / "policies/other.yaml").write_text(GOOD.replace("7d", "7 days"))
    code, printed = _tried(published, "firnline-check", theirs)
    assert (code, "Failed" in printed) == (1, True), printed
    assert "error[FL105]" in printed
    assert "policies/other.yaml:7:" in printed


def test_fmt_puts_files_in_order_and_leaves_those_it_cannot_read(
    published: Path, theirs: Path
) -> None:
    lab, broken = theirs / "policies/lab.yaml", theirs / "policies/broken.yaml"
    lab.write_text(GOOD + "\n\nforeign_rules:   refuse  # theirs\n")
    broken.write_text(GOOD.replace("7d", "7 days").replace(": tmp/", ":   tmp/"))
    before = broken.read_text()
    code, printed = _tried(published, "firnline-fmt", theirs)
    assert (code, "files were modified by this hook" in printed) == (1, True), printed
    assert "formatted policies/lab.yaml" in printed
    assert "error[FL105]" in printed
    assert lab.read_text() == GOOD + "\nforeign_rules: refuse    # theirs\n"
    assert broken.read_text() == before
    broken.unlink()
    code, printed = _tried(published, "firnline-fmt", theirs)
    assert (code, "Passed" in printed) == (0, True), printed


def _tried(published: Path, hook: str, theirs: Path) -> tuple[int, str]:
    config = f"repos: [{{repo: '{published}', rev: main, hooks: [{{id: {hook}}}]}}]\n"
    (theirs / ".pre-commit-config.yaml").write_text(config)
    _committed(theirs)
    tried = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", hook, "--all-files"],
        cwd=theirs,
        env=_environment(published.parent),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )
    return tried.returncode, tried.stdout


def _committed(folder: Path) -> None:
    for words in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["commit", "-q", "--no-verify", "-m", "all"],
    ):
        subprocess.run([*_GIT, *words], cwd=folder, env=_environment(folder), check=True)


def _environment(cache: Path) -> dict[str, str]:
    """Nothing of the repository or the package in which the tests themselves run."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "FIRNLINE_", "PYTHONPATH", "PRE_COMMIT"))
    }
    return {**kept, "PRE_COMMIT_HOME": str(cache / "pre-commit"), "NO_COLOR": "1"}
