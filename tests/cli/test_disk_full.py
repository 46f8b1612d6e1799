"""The disk is full: a file has its old content or the whole new one, and the message names it."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from firnline import testing
from tests.fleet.small_world import FOREIGN_RULE, POLICY, STAGING, put_rules, served, write_folder

ROOM = 40
"""Bytes that a file may have: a write beyond them fails in its middle, as on a disk that is full,
and needs no file system of its own."""

WRITERS = {
    "the lock": (("resolve",), "policies/fleet.lock.yaml"),
    "a formatted policy": (("fmt", "policies/ml.yaml"), "policies/ml.yaml"),
    "an answer": (("show", "--out", "json:live.json"), "live.json"),
    "an imported policy": (("import", "--account", "staging", "--out", "ml/new.yaml"), "new.yaml"),
    "a listing": (("inventory", "list", "acme-dev"), "inventory"),
}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    with served(monkeypatch) as emulator:
        yield emulator


@pytest.fixture
def folder(aws: testing.Emulator, tmp_path: Path) -> Path:
    put_rules(aws, STAGING, "acme-dev", FOREIGN_RULE)
    aws.client("s3", STAGING).put_object(Bucket="acme-dev", Key="a")
    (write_folder(tmp_path) / "ml.yaml").write_text(POLICY.replace("why: an", "why:   an"))
    (tmp_path / "ml").mkdir()
    (tmp_path / "live.json").write_text("{}")
    assert firnline(tmp_path, "resolve").returncode == 0
    lock = tmp_path / "policies/fleet.lock.yaml"
    lock.write_text(lock.read_text().replace("by-hand", "by-somebody"))
    return tmp_path


def firnline(folder: Path, *words: str, full: bool = False) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))

    return subprocess.run(
        [sys.executable, "-B", "-m", "firnline", *words],  # a truncated .pyc would stay
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit if full else None,
    )


def files(folder: Path) -> dict[str, bytes]:
    """But for those of an unfinished listing."""
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file() and not each.is_relative_to(folder / "inventory")
    }


@pytest.mark.slow
@pytest.mark.parametrize("writer", WRITERS)
def test_what_cannot_be_written_stays_as_it_was_and_the_next_run_writes_it(
    folder: Path, writer: str
) -> None:
    command, named = WRITERS[writer]
    before = files(folder)
    refused = firnline(folder, *command, full=True)
    assert refused.returncode == 2, refused.stderr
    assert "Traceback" not in refused.stderr
    last = refused.stderr.splitlines()[-1]
    assert named in last
    assert "File too large" in last
    assert files(folder) == before
    again = firnline(folder, *command)
    assert again.returncode == 0, again.stderr
    assert files(folder) != before or any((folder / "inventory").rglob("manifest.json"))
