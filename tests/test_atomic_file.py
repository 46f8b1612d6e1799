"""What is at a path after a write, and after one that failed?"""

from __future__ import annotations

import ast
import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import firnline
from firnline.atomic_file import write_file

PACKAGE = Path(firnline.__file__).parent


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "new", b"content")
    finally:
        os.umask(before)
    assert (tmp_path / "new").read_bytes() == b"content"
    assert permissions(tmp_path / "new") == 0o640
    assert names(tmp_path) == ["new"]


@pytest.mark.parametrize("mode", [0o600, 0o755, 0o664, 0o444])
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    target.chmod(mode)
    write_file(target, b"new")
    assert target.read_bytes() == b"new"
    assert permissions(target) == mode


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    write_file(str(tmp_path / "file"), b"one\ntwo\r\n\xff")
    assert (tmp_path / "file").read_bytes() == b"one\ntwo\r\n\xff"


def test_a_link_keeps_pointing_where_it_did(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("elsewhere/real")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "elsewhere" / "real").read_bytes() == b"new"
    assert names(tmp_path / "elsewhere") == ["real"]


def test_a_link_to_a_file_that_is_missing_makes_that_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("missing")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "missing").read_bytes() == b"new"


def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    target = tmp_path / "file"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left") as raised:
        write_file(target, b"new")
    assert raised.value.filename == str(target)
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


def test_an_interrupt_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_paths: object) -> None:
        raise KeyboardInterrupt

    target = tmp_path / "file"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_file(target, b"new")
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


def test_an_interrupt_that_comes_too_late_leaves_the_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def replaced_then_interrupted(unfinished: str, target: str) -> None:
        replace(unfinished, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", replaced_then_interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_file(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert names(tmp_path) == ["file"]


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(IsADirectoryError) as raised:
        write_file(tmp_path / "file", b"new")
    assert raised.value.filename == str(tmp_path / "file")
    assert names(tmp_path) == ["file"]


def test_a_folder_that_is_missing_is_refused_under_the_name_that_was_given(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as raised:
        write_file(tmp_path / "missing" / "file", b"new")
    assert raised.value.filename == str(tmp_path / "missing" / "file")


def test_a_pipe_is_written_to_and_stays_a_pipe() -> None:
    script = "from firnline.atomic_file import write_file; write_file('/dev/stderr', b'new')"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert ran.stderr == b"new"


# Journals are only ever appended to; what the emulator delivers, nobody else writes.
APPENDED = {
    "fleet/listing/journal.py",
    "rollout/journal.py",
    "testing/deliver_inventories.py",
}
# They give other names to columns of Polars.
FRAMES = {"reach/mark/batch_kernel.py", "reach/mark/in_parts.py", "reach/mark/intervals.py"}


def test_no_other_module_replaces_files() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and (node.attr in _WRITERS or (node.attr == "replace" and _is_os(node.value)))
    }
    assert found - APPENDED - FRAMES == {"atomic_file.py"}


def _is_os(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id == "os"


_WRITERS = {"rename", "write_text", "write_bytes", "fsync"}
