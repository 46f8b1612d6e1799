"""Which engine is used, and what is said where there is none."""

import os
from pathlib import Path

import pytest

from sandbox.engine import find
from sandbox.engine.errors import EngineTooOld, NoEngine
from sandbox.engine.own_build import EXECUTOR, is_built, pinned_version

VERSION = pinned_version()


def executable(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def pulumi(path: Path, version: str) -> Path:
    return executable(path, f"echo v{version}")


def built(root: Path, version: str = VERSION) -> Path:
    executable(root / ".engine" / EXECUTOR, "true")
    return pulumi(root / ".engine" / "pulumi", version)


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_the_users_own_pulumi_is_used_where_there_is_one(bin_folder: Path, tmp_path: Path) -> None:
    theirs = pulumi(bin_folder / "pulumi", "3.300.1")
    built(tmp_path)
    assert find.find_engine(tmp_path) == find.Engine(theirs, ours=False)


def test_our_own_build_on_the_path_is_still_ours(
    bin_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = built(tmp_path)
    monkeypatch.setenv("PATH", f"{ours.parent}{os.pathsep}{bin_folder}")
    assert find.find_engine(tmp_path) == find.Engine(ours, ours=True)


def test_a_pulumi_that_is_too_old_is_refused_with_both_versions(
    bin_folder: Path, tmp_path: Path
) -> None:
    pulumi(bin_folder / "pulumi", "3.249.9")
    with pytest.raises(EngineTooOld, match=r"is Pulumi 3\.249\.9, but 3\.250\.0 or newer"):
        find.check(tmp_path)


def test_a_pulumi_that_says_no_version_is_refused(bin_folder: Path, tmp_path: Path) -> None:
    executable(bin_folder / "pulumi", "exit 1")
    with pytest.raises(EngineTooOld, match="does not say its version"):
        find.check(tmp_path)


def test_without_pulumi_and_go_both_remedies_are_named(bin_folder: Path, tmp_path: Path) -> None:
    assert bin_folder.is_dir()
    with pytest.raises(NoEngine, match=r"(?s)install Pulumi.*install Go"):
        find.find_engine(tmp_path)


def test_the_check_is_content_with_go_alone_and_builds_nothing(
    bin_folder: Path, tmp_path: Path
) -> None:
    executable(bin_folder / "go", "exit 1")
    find.check(tmp_path)
    assert not (tmp_path / ".engine").exists()


@pytest.mark.parametrize("missing", ["pulumi", EXECUTOR])
def test_half_a_build_is_no_build(bin_folder: Path, tmp_path: Path, missing: str) -> None:
    assert bin_folder.is_dir()
    built(tmp_path)
    (tmp_path / ".engine" / missing).unlink()
    assert not is_built(tmp_path)


def test_a_build_of_another_version_is_not_used(bin_folder: Path, tmp_path: Path) -> None:
    assert bin_folder.is_dir()
    built(tmp_path, "3.251.0")
    assert not is_built(tmp_path)


def test_the_pinned_version_satisfies_the_minimum() -> None:
    assert tuple(map(int, VERSION.split("."))) >= find.MINIMUM
