"""A check is one module and one line: the page's example, done in a copy of the sources."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from firnline.catalog import catalog
from tests.docs.pages import blocks
from tests.docs.running import cloned

PAGE = "docs/contributing.md"
CODE = "FL699"
MODULE, IMPORT, LINE, EXPLAINED = (block.text for block in blocks(PAGE))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with cloned(tmp_path_factory.mktemp("copy")) as clone:
        first, _, module = MODULE.partition("\n")
        path = clone.folder / first.removeprefix("# ")
        path.write_text(module, encoding="utf-8")
        listed = path.parent / "__init__.py"
        text = _changed(IMPORT, _changed(LINE, listed.read_text(encoding="utf-8")))
        listed.write_text(text, encoding="utf-8")
        yield clone.folder


def test_the_example_is_not_taken_yet() -> None:
    assert CODE not in {kind.code for kind in catalog()}


def test_the_tests_of_the_catalogue_find_the_check_and_pass(copy: Path) -> None:
    words = ["-m", "pytest", "-v", "-p", "no:cacheprovider", "tests/test_catalog.py"]
    printed = _python(copy, *words)
    assert len(re.findall(r"\[reason-postponed\] PASSED", printed)) == 4


def test_explain_prints_what_the_page_says(copy: Path) -> None:
    assert _python(copy, "-m", "firnline", "explain", CODE).strip() == EXPLAINED.strip()


def test_a_page_is_written_for_it_and_no_other_page_changes_but_the_list(copy: Path) -> None:
    folder = copy / "docs/diagnostics"
    before = {page.name: page.read_text(encoding="utf-8") for page in folder.iterdir()}
    _python(copy, "-m", "docs.generate")
    after = {page.name: page.read_text(encoding="utf-8") for page in folder.iterdir()}
    assert {name for name in after if after[name] != before.get(name)} == {
        f"{CODE}.md",
        "README.md",
    }


def test_the_example_is_formatted_typed_and_in_its_layer(copy: Path) -> None:
    module = "compiler/firnline/language/checks/reason_postponed.py"
    _python(copy, "-m", "ruff", "check", "-q", "--no-cache", "--ignore", "I001", module)
    _python(copy, "-m", "ruff", "format", "-q", "--no-cache", "--check", module)
    _python(copy, "-m", "mypy", "--cache-dir", os.devnull, "--follow-imports=silent", module)


def _changed(diff: str, text: str) -> str:
    """The text with a line of ours after one that it has."""
    before, after = (line[1:] + "\n" for line in diff.splitlines())
    assert text.count(before) == 1
    return text.replace(before, before + after)


def _python(folder: Path, *words: str) -> str:
    """The copy's package, not the one that is installed."""
    ran = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder / 'compiler'}", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=200,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout
