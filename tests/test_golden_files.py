"""A golden file that differs fails its test, and is rewritten only where a person requests it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.paths import CHECKOUT
from tests.docs.running import cloned
from tests.golden_files import FLAG, Golden

CASE = "dates"
FILE = f"tests/cli/diffs/{CASE}/diff.txt"
TESTS = "tests/cli/test_diff.py"


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    with cloned(tmp_path / "copy") as clone:
        yield clone.folder


@pytest.mark.slow
def test_a_file_that_differs_fails_and_is_rewritten_with_the_flag(copy: Path) -> None:
    file = copy / FILE
    right = file.read_bytes()
    file.write_bytes(right.replace(b"d", b"D", 1))
    wrong = file.read_bytes()
    assert wrong != right

    failed = _pytest(copy, "-k", f"beside and {CASE}")
    assert failed.returncode == 1
    assert "make golden" in failed.stdout
    assert file.read_bytes() == wrong

    updated = _pytest(copy, FLAG)
    assert updated.returncode == 0, updated.stdout
    assert file.read_bytes() == right
    assert _pytest(copy, "-k", f"beside and {CASE}").returncode == 0


@pytest.mark.parametrize("ci", [{"CI": "true"}, {"FIRNLINE_NO_SKIPS": "1"}], ids=str)
def test_ci_rewrites_nothing(copy: Path, ci: dict[str, str]) -> None:
    file = copy / FILE
    file.write_text("another")
    refused = _pytest(copy, FLAG, environment=ci)
    assert refused.returncode == pytest.ExitCode.USAGE_ERROR
    assert "not in CI" in refused.stderr
    assert file.read_text() == "another"


def test_json_that_means_the_same_keeps_its_layout(tmp_path: Path) -> None:
    file = tmp_path / "s3.json"
    file.write_text('{"a":   1}')
    Golden(update=True).json(file, '{"a": 1}')
    assert file.read_text() == '{"a":   1}'
    Golden(update=True).json(file, '{"a": 2}')
    assert file.read_text() == '{"a": 2}'
    with pytest.raises(AssertionError):
        Golden(update=False).json(file, '{"a": 1}')


def test_make_golden_runs_every_test_that_compares_with_a_golden_file() -> None:
    recipe = (CHECKOUT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    line = re.search(r"^UPDATE_GOLDEN = (.*)$", recipe, re.MULTILINE)
    assert line
    compare = {
        str(path.relative_to(CHECKOUT))
        for path in (CHECKOUT / "tests").rglob("test_*.py")
        if "node_modules" not in path.parts and "golden: Golden" in path.read_text(encoding="utf-8")
    }
    assert {FLAG, *compare - {str(Path(__file__).relative_to(CHECKOUT))}} == {*line[1].split()}


def _pytest(
    copy: Path, *words: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("CI", "FIRNLINE_NO_SKIPS")}
    paths = os.pathsep.join([str(copy / "compiler"), str(copy)])
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", TESTS, *words],
        cwd=copy,
        env={**kept, "PYTHONPATH": paths, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
