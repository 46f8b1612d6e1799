"""The build of the server, with a small script in the place of Go."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.build import NotBuilt, pinned_version, seaweedfs_binary

GO = """#!/bin/sh
echo "$@" >> {log}
echo "main.go:3: something is wrong" >&2
while [ "$1" != -o ]; do shift; done
{then}
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "calls"


def go_on_path(folder: Path, log: Path, monkeypatch: pytest.MonkeyPatch, then: str) -> None:
    (folder / "bin").mkdir()
    go = folder / "bin" / "go"
    go.write_text(GO.format(log=log, then=then), encoding="utf-8")
    go.chmod(0o755)
    monkeypatch.setenv("PATH", f"{go.parent}:/usr/bin:/bin")


def test_the_server_is_built_once_as_pinned_and_with_days_of_ten_seconds(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on_path(tmp_path, log, monkeypatch, 'echo built > "$2"')
    first, second = seaweedfs_binary(tmp_path), seaweedfs_binary(tmp_path)
    assert first == second == tmp_path / ".engines" / f"weed-{pinned_version()}"
    assert first.read_text(encoding="utf-8") == "built\n"
    (call,) = log.read_text(encoding="utf-8").splitlines()
    assert "-tags s3tests" in call
    assert call.endswith(" github.com/seaweedfs/seaweedfs/weed")


def test_a_build_that_fails_shows_what_go_said_and_leaves_nothing(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on_path(tmp_path, log, monkeypatch, "exit 1")
    with pytest.raises(NotBuilt, match="something is wrong"):
        seaweedfs_binary(tmp_path)
    assert [path.name for path in (tmp_path / ".engines").iterdir()] == ["lock"]


def test_without_go_it_says_where_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotBuilt, match=r"https://go\.dev/dl/"):
        seaweedfs_binary(tmp_path)
