"""`firnline fmt`: what it writes, what it only tells, and what it leaves alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from firnline.cli import main
from tests.policies import whole

GOOD = whole("retain: {tmp: {prefix: tmp/, delete_after: 7d}}").rstrip("\n") + "\n"
UNTIDY = GOOD.replace("{prefix: tmp/, delete_after: 7d}", "{delete_after: 7d,prefix: tmp/}")
WRONG = GOOD.replace("7d", "7")
pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "good.yaml").write_text(GOOD)
    (tmp_path / "policies" / "untidy.yaml").write_text(UNTIDY)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "policies"


def written(path: Path) -> tuple[int, int, int]:
    """Of a file: which it is, and when and how it was written, not when it was read."""
    said = path.stat()
    return said.st_ino, said.st_mtime_ns, said.st_mode


def test_it_rewrites_what_is_untidy_and_says_which(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    untouched = written(folder / "good.yaml")
    assert main(["fmt"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "formatted policies/untidy.yaml\n1 file formatted, 1 file in order\n"
    assert (folder / "untidy.yaml").read_text() == GOOD
    assert written(folder / "good.yaml") == untouched
    assert sorted(os.listdir(folder)) == ["good.yaml", "untidy.yaml"]


def test_check_names_what_would_change_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fmt", "--check"]) == 1
    out, err = capsys.readouterr()
    assert out == "policies/untidy.yaml\n"
    assert err == "1 file would change, 1 file in order\n"
    assert (folder / "untidy.yaml").read_text() == UNTIDY
    assert main(["fmt", "--check", "policies/good.yaml"]) == 0


@pytest.mark.parametrize("text", [UNTIDY, UNTIDY.rstrip("\n"), UNTIDY.replace("\n", "\r\n")])
def test_diff_prints_what_git_applies_and_writes_nothing(
    text: str, folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (folder / "untidy.yaml").write_bytes(text.encode())
    assert main(["fmt", "--diff"]) == 0
    patch = capfdbinary.readouterr().out
    assert (folder / "untidy.yaml").read_bytes() == text.encode()
    subprocess.run(["git", "apply", "-"], input=patch, cwd=folder.parent, check=True)
    assert (folder / "untidy.yaml").read_text().strip() == GOOD.strip()
    assert main(["fmt", "--diff", "--check", "policies/good.yaml"]) == 0
    assert capfdbinary.readouterr().out == b""


def test_from_below_the_diff_says_where_git_applies_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "deep").mkdir()
    monkeypatch.chdir(folder / "deep")
    assert main(["fmt", "--diff", "../untidy.yaml"]) == 0
    shown = capfd.readouterr()
    assert "+++ b/untidy.yaml" in shown.out
    assert "to apply the change of ../untidy.yaml: `git -C .. apply`" in shown.err


def test_diff_and_check_together_print_the_diff_and_exit_with_1(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["fmt", "--check", "--diff", str(folder)]) == 1
    assert "-retain: {tmp: {delete_after: 7d,prefix: tmp/}}" in capfd.readouterr().out


def test_a_file_with_errors_is_left_alone_and_reported_and_the_others_are_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "wrong.yaml").write_text(WRONG.replace("prefix: tmp/, ", "prefix:   tmp/, "))
    assert main(["fmt"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "error[FL105]" in err
    assert "policies/wrong.yaml" in err
    assert "prefix:   tmp/" in (folder / "wrong.yaml").read_text()
    assert (folder / "untidy.yaml").read_text() == GOOD


def test_a_lock_is_left_alone(folder: Path) -> None:
    lock = f"firnline:   fleet-lock/v1\naccounts:   {{}}\ndigest: sha256:{'0' * 64}\n"
    (folder / "fleet.lock.yaml").write_text(lock)
    assert main(["fmt"]) == 0
    assert (folder / "fleet.lock.yaml").read_text() == lock


def test_permissions_and_links_stay(folder: Path) -> None:
    (folder / "untidy.yaml").rename(folder.parent / "elsewhere.yaml")
    (folder / "untidy.yaml").symlink_to("../elsewhere.yaml")
    (folder.parent / "elsewhere.yaml").chmod(0o640)
    assert main(["fmt"]) == 0
    assert (folder / "untidy.yaml").is_symlink()
    assert (folder.parent / "elsewhere.yaml").read_text() == GOOD
    assert (folder.parent / "elsewhere.yaml").stat().st_mode & 0o777 == 0o640


def test_a_file_whose_name_is_no_text_is_written_where_it_is(folder: Path) -> None:
    odd = os.fsencode(folder) + b"/\xff.yaml"
    os.rename(folder / "untidy.yaml", odd)
    assert main(["fmt"]) == 0
    assert Path(os.fsdecode(odd)).read_text() == GOOD
    assert len(os.listdir(folder)) == 2


@pytest.mark.parametrize(
    ("given", "written", "code"), [(UNTIDY, GOOD, 0), (GOOD, GOOD, 0), (WRONG, "", 1)]
)
def test_stdin_is_formatted_to_stdout(given: str, written: str, code: int) -> None:
    command = [sys.executable, "-m", "firnline", "fmt", "-"]
    ran = subprocess.run(command, input=given, capture_output=True, text=True)
    assert (ran.stdout, ran.returncode) == (written, code)
    assert ("--> <stdin>:7:" in ran.stderr) == (code == 1)


def test_no_policy_at_all_exits_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["fmt"]) == 2
    assert "no `policies/` folder here" in capsys.readouterr().err
