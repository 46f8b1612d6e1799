"""A repository on a branch that turns 180 days into 18, and what is stored."""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.policies import whole

GIB = 2**30
POLICY = whole(
    "versioning: off\n"
    "retain:\n"
    "  checkpoints: {prefix: checkpoints/, cold_after: 14d, delete_after: 180d}\n"
    "  logs: {prefix: logs/, delete_after: 30d}\n"
)
LISTING = {
    "Contents": [
        {"Key": "checkpoints/a", "Size": 200 * GIB, "LastModified": "2026-01-01T00:00:00Z"},
        {"Key": "checkpoints/b", "Size": 200 * GIB, "LastModified": "2026-04-10T00:00:00Z"},
        {"Key": "checkpoints/c", "Size": 200 * GIB, "LastModified": "2026-05-30T00:00:00Z"},
        {"Key": "logs/d", "Size": 100 * GIB, "LastModified": "2026-03-01T00:00:00Z"},
    ]
}
FACTS = ["--inventory", "listing.json", "--as-of", "2026-06-01", "--months", "3"]


def in_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on."""
    monkeypatch.chdir(folder)
    for name in ("GITHUB_BASE_REF", "GITHUB_EVENT_NAME", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(_made().name, folder, dirs_exist_ok=True)


@functools.cache
def _made() -> TemporaryDirectory[str]:
    """Once for all tests, each of which gets a copy: seven starts of git take longer than many."""
    folder = TemporaryDirectory()
    with contextlib.chdir(folder.name):
        Path("policies").mkdir()
        write(POLICY)
        Path("CODEOWNERS").write_text("policies/ @acme/training-infra\n")
        git("init", "-q", "-b", "main", "--template=")
        commit()
        git("checkout", "-q", "-b", "change")
        write(POLICY.replace("180d", "18d"))
        Path("CODEOWNERS").write_text("policies/ @mallory\n")
        commit()
        Path("listing.json").write_text(json.dumps(LISTING))
    return folder


def write(policy: str) -> None:
    Path("policies/lab.yaml").write_text(policy)


def git(*words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    ran = subprocess.run(["git", *who, *words], check=True, capture_output=True, text=True)
    return ran.stdout.strip()


def commit() -> None:
    git("add", "policies", "CODEOWNERS")
    git("commit", "-qm", "x")


def a_thousand_changes(name: str) -> list[str]:
    """What `diff` compares: rules for as many prefixes, which begin with the name."""
    for days, path in ((30, "a.json"), (20, "b.json")):
        rules = [
            {
                "ID": f"r{place}",
                "Status": "Enabled",
                "Filter": {"Prefix": f"{name}{place}/"},
                "Expiration": {"Days": days + place},
            }
            for place in range(1000)
        ]
        Path(path).write_text(json.dumps({"Rules": rules}))
    return ["a.json", "b.json", *FACTS, "--bucket", "bucket"]
