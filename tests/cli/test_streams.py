"""What a command prints gets through: to a screen of any encoding, and to a reader who stops."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import firnline
from firnline.cli.plain_signs import INSTEAD, MOST_CELLS_MORE
from firnline.targets.legend import AFTER, GONE, SIGNS
from tests.policies import whole

POLICY = """\
retain:
  models:
    prefix: models/
    warm_after: 30d
    archive_after: 90d
    delete_after: 365d
    old_versions: {delete_after: 30d}
"""
OF_FILES = [
    ["--help"],
    ["check", "wrong"],
    ["check", "wrong", "--out", "json"],
    ["check", "wrong", "--diff", "--unsafe-fixes"],
    ["compile"],
    ["compile", "--out", "s3-json"],
    ["completion", "bash"],
    ["conformance", "cases.json"],
    ["diff", "before", "policies"],
    ["explain"],
    ["explain", "FL301"],
    ["explain", "s3://lab-data/models/x"],
    ["fmt", "wrong", "--diff"],
    ["init", "--diff"],
    ["schema"],
    ["simulate", "--bucket", "lab-data", "--key", "models/x", "--until", "2035-01-01"],
]
ENCODINGS = ["ascii", "ascii:strict", "cp1252", "cp437:strict", "latin-1", "utf-16"]
every_command = pytest.mark.parametrize("words", OF_FILES, ids=" ".join)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {
        "policies/lab.yaml": whole(POLICY),
        "before/lab.yaml": whole(POLICY.replace("365d", "400d")),
        "wrong/lab.yaml": whole(
            "# Jörg → team\n" + POLICY.replace("models/", '"/modèles/"').replace("30d}", "30d }")
        ),
        "cases.json": json.dumps({"format": "s3-lifecycle-conformance/v1", "cases": []}),
    }
    for path, text in texts.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def run(
    folder: Path, *words: str, encoding: str = "", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    if encoding:
        environment["PYTHONIOENCODING"] = encoding
    return subprocess.run(
        [sys.executable, "-m", "firnline", *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


def whatever_is_printed(ran: subprocess.CompletedProcess[bytes]) -> bytes:
    assert b"Traceback" not in ran.stderr
    assert b"internal error" not in ran.stderr
    return ran.stdout


@every_command
def test_a_screen_without_unicode_gets_ascii(words: list[str], folder: Path) -> None:
    plain, usual = run(folder, *words, encoding="ascii:strict"), run(folder, *words)
    assert plain.returncode == usual.returncode
    assert whatever_is_printed(plain)
    if "--diff" not in words:  # a patch has the bytes of its files
        assert plain.stdout.isascii()
        assert plain.stderr.isascii()
        assert b"\\u2" not in plain.stdout, "a sign of ours has no replacement"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_encoding_of_stdout_ends_a_command(encoding: str, folder: Path) -> None:
    for words in (["compile"], ["check", "wrong"], OF_FILES[-1]):
        ran = run(folder, *words, encoding=encoding)
        text = whatever_is_printed(ran).decode(encoding.partition(":")[0])
        assert "models" in text or "mod" in text


def test_a_patch_has_the_bytes_of_the_files_on_every_screen(folder: Path) -> None:
    patches = {
        run(folder, "check", "wrong", "--diff", "--unsafe-fixes", encoding=each).stdout
        for each in ("utf-8", "ascii", "cp1252")
    }
    (patch,) = patches
    assert "modèles".encode() in patch


def test_what_a_screen_has_is_not_replaced(folder: Path) -> None:
    assert " · " in run(folder, "compile", encoding="cp1252").stdout.decode("cp1252")
    assert " . " in run(folder, "compile", encoding="ascii").stdout.decode("ascii")


def test_every_sign_that_is_printed_has_a_replacement() -> None:
    assert set(_signs_in_the_package()) <= set(INSTEAD)


def test_no_two_signs_of_a_drawing_are_replaced_by_the_same() -> None:
    drawn = [*SIGNS.values(), GONE, AFTER]
    plain = [INSTEAD.get(sign, sign) for sign in drawn]
    assert len(set(plain)) == len(set(drawn))
    assert {len(each) for each in plain} == {1}


@every_command
def test_a_reader_that_stops_changes_nothing_but_what_it_reads(
    words: list[str], folder: Path
) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "firnline", *words],
        cwd=folder,
        env=os.environ,  # else `readline`, where it is imported, adds COLUMNS
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    running.stdout.close()
    _, said = running.communicate(timeout=60)
    usual = run(folder, *words)
    assert (running.returncode, said.decode()) == (usual.returncode, usual.stderr.decode())


def test_files_are_written_though_nobody_reads_their_list(folder: Path) -> None:
    command = f"{sys.executable} -m firnline init 2>&1 | true"
    subprocess.run(["bash", "-c", command], cwd=folder, check=True)
    assert (folder / ".pre-commit-config.yaml").exists()


def test_without_stderr_stdout_has_no_messages(folder: Path) -> None:
    command = f"{sys.executable} -m firnline compile --out s3-json 2>&-"
    ran = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, check=True)
    assert list(json.loads(ran.stdout)) == ["lab/*/lab-data"]


def test_a_replaced_sign_makes_no_line_longer_than_the_screen() -> None:
    assert max(len(each) - 1 for each in INSTEAD.values()) * 3 <= MOST_CELLS_MORE


def _signs_in_the_package() -> Iterator[str]:
    """In texts of ours, apart from docstrings, from what only compares characters, and examples;
    and from zero-width spaces, which no screen is shown.
    """
    folder = Path(firnline.__file__).parent
    for path in folder.rglob("*.py"):
        if path.name in ("visible.py", "members.py", "syntax.py", "junit_xml.py"):
            continue
        tree = ast.parse(path.read_text())
        said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said:
                yield from (
                    each
                    for each in node.value
                    if each > "\u00a0" and each not in "\ufeff\ufffd\u200b"
                )
