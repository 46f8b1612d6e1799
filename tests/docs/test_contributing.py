"""What the page adds is all that has to be added: each example, done in a copy of the sources."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from firnline.catalog import catalog
from tests.docs.pages import Block, blocks, commands, text_of
from tests.docs.running import Clone, cloned

PAGE = "docs/contributing.md"
SECTIONS = (
    "A check",
    "An output format",
    "A listing format",
    "A storage class",
    "A key of the language",
    "A command",
)
# Each takes half a minute.
LONG = (
    "An output format",
    "A listing format",
    "A storage class",
    "A key of the language",
    "A command",
)
CODE = "FL699"


@dataclass(frozen=True, slots=True)
class Example:
    """A section of the page, and a copy of the sources in which what it adds was added.

    mypy compares what a copy has with `types`, what it found of the modules of the copies before.
    """

    title: str
    clone: Clone
    changed: tuple[Path, ...]
    types: Path


def _sections() -> Iterator[object]:
    for section in SECTIONS:
        marks = pytest.mark.slow if section in LONG else ()
        yield pytest.param(section, marks=marks)


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("types")


@pytest.fixture(scope="module", params=_sections())
def example(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, types: Path
) -> Iterator[Example]:
    with cloned(tmp_path_factory.mktemp("copy")) as clone:
        added = [_add(clone.folder, block) for block in _blocks(request.param)]
        yield Example(request.param, clone, tuple(path for path in added if path), types)


def test_the_page_has_an_example_of_everything_that_it_promises() -> None:
    assert tuple(re.findall(r"^## (.+)$", text_of(PAGE), re.MULTILINE)) == SECTIONS


def test_the_example_of_a_check_is_not_taken_yet() -> None:
    assert CODE not in {kind.code for kind in catalog()}


def test_every_command_prints_what_the_page_says(example: Example) -> None:
    sessions = [block for block in _blocks(example.title) if block.language == "console"]
    assert sessions
    for session in sessions:
        for command in commands(session):
            printed = example.clone.run(
                command.text, must_succeed=command.text.startswith("pytest")
            )
            assert command.fits(printed), f"{command.place}: $ {command.text}\n{printed}"


def test_what_is_added_is_formatted_typed_and_in_its_layer(example: Example) -> None:
    modules = [str(path) for path in example.changed if path.suffix == ".py"]
    # Without the order of imports: the page adds a line, and `ruff check --fix` puts it in order.
    _python(example, "-m", "ruff", "check", "-q", "--no-cache", "--ignore", "I001", *modules)
    _python(example, "-m", "ruff", "format", "-q", "--no-cache", "--check", *modules)
    cache = f"--cache-dir={example.types}"
    _python(example, "-m", "mypy", cache, "--follow-imports=silent", *modules)
    _python(example, "-c", "from importlinter.cli import lint_imports_command as run; run()")


@pytest.mark.parametrize("example", ["A check"], indirect=True)
def test_the_tests_of_the_catalog_find_the_check_and_pass(example: Example) -> None:
    words = ["-m", "pytest", "-v", "-p", "no:cacheprovider", "tests/test_catalog.py"]
    printed = _python(example, *words)
    assert len(re.findall(r"\[reason-postponed\] PASSED", printed)) == 4


@pytest.mark.parametrize("example", ["A check"], indirect=True)
def test_a_page_and_a_code_are_written_for_it_and_no_other_page_changes_but_the_list(
    example: Example,
) -> None:
    folder = example.clone.folder / "docs/diagnostics"
    codes = example.clone.folder / "docs/codes.txt"
    listed = codes.read_text(encoding="utf-8").splitlines()
    before = {page.name: page.read_text(encoding="utf-8") for page in folder.iterdir()}
    _python(example, "-m", "docs.generate")
    after = {page.name: page.read_text(encoding="utf-8") for page in folder.iterdir()}
    assert {name for name in after if after[name] != before.get(name)} == {
        f"{CODE}.md",
        "README.md",
    }
    now = codes.read_text(encoding="utf-8").splitlines()
    assert [line for line in now if line not in listed] == [f"{CODE} reason-postponed"]
    assert [line for line in now if line in listed] == listed


def _blocks(title: str) -> list[Block]:
    """Those of a section. A `console` block is a session that is run here, not where all pages
    are."""
    lines = text_of(PAGE).splitlines()
    start = lines.index(f"## {title}")
    ends = [at for at in range(start + 1, len(lines)) if lines[at].startswith("## ")]
    return [
        Block(block.page, block.line, block.language, block.text)
        for block in blocks(PAGE)
        if start < block.line < (ends[0] if ends else len(lines))
    ]


def _add(folder: Path, block: Block) -> Path | None:
    """The file that a block makes or changes."""
    first, _, rest = block.text.partition("\n")
    match block.language:
        case "python":
            path = folder / first.removeprefix("# ")
            assert not path.exists(), path
            path.write_text(rest, encoding="utf-8")
        case "diff":
            path = folder / first.removeprefix("+++ ")
            text = path.read_text(encoding="utf-8")
            for hunk in rest.removeprefix("@@\n").split("\n@@\n"):
                text = _changed(hunk, text)
            path.write_text(text, encoding="utf-8")
        case "console":
            return None
        case _:
            raise AssertionError(f"{block.place}: what is a block of {block.language!r}?")
    return path


def _changed(hunk: str, text: str) -> str:
    """The text with what a hunk of a diff changes, at the one place that it fits."""
    lines = hunk.splitlines()
    before = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
    after = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
    assert text.count(before) == 1, hunk
    return text.replace(before, after)


def _python(example: Example, *words: str) -> str:
    """The copy's package, not the one that is installed."""
    ran = subprocess.run(
        [sys.executable, *words],
        cwd=example.clone.folder,
        env={
            **os.environ,
            "PYTHONPATH": f"{example.clone.folder / 'compiler'}",
            "COLUMNS": "100",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout
