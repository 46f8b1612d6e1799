"""A repository with one policy, and a branch of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from firnline.revision.base_commit import TARGETS
from firnline.revision.full_history import SYSTEMS
from tests.policies import whole

BEFORE = whole(
    "versioning: enabled\n"
    "old_versions: {delete_after: 7d}\n"
    "retain:\n"
    "  logs: {prefix: logs/, delete_after: 180d}\n"
)
AFTER = BEFORE.replace("180d", "18d")
_IDENTITY = (
    "-c",
    "user.name=lab",
    "-c",
    "user.email=lab@example.com",
    "-c",
    "commit.gpgsign=false",
)


def git(*words: str, at: Path | str = ".") -> str:
    """What git prints, run in a folder as a person would."""
    ran = subprocess.run(
        ["git", *_IDENTITY, *words], cwd=at, check=True, capture_output=True, text=True
    )
    return ran.stdout.strip()


def commit(message: str, at: Path | str = ".") -> str:
    """Everything, and the name of the commit."""
    git("add", "-A", at=at)
    git("commit", "--allow-empty", "-m", message, at=at)
    return git("rev-parse", "HEAD", at=at)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*TARGETS, *SYSTEMS, "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name in [each for each in os.environ if each.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """What others have: `main`, two commits."""
    folder = tmp_path / "upstream"
    (folder / "policies").mkdir(parents=True)
    git("init", "-b", "main", at=folder)
    commit("begin", at=folder)
    (folder / "policies" / "lab.yaml").write_text(BEFORE)
    commit("a policy", at=folder)
    return folder


@pytest.fixture
def clone(upstream: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of it, on a branch of its own with one change; the current folder."""
    folder = tmp_path / "clone"
    git("clone", str(upstream), str(folder), at=tmp_path)
    monkeypatch.chdir(folder)
    git("switch", "-c", "shorter")
    Path("policies/lab.yaml").write_text(AFTER)
    commit("180 days are too many")
    return folder
