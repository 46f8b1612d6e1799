"""Pages on decisions are all listed, say what was decided and its cost, and name real paths."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sandbox.paths import CHECKOUT
from tests.docs.pages import text_of

FOLDER = "docs/decisions"
INDEX = f"{FOLDER}/README.md"
PAGES = sorted(
    page.name for page in (CHECKOUT / FOLDER).glob("*.md") if page.name != Path(INDEX).name
)
_ROW = re.compile(r"^\| \[([\w-]+\.md)\]\(([\w-]+\.md)\) \|", re.MULTILINE)
_PATH = re.compile(r"`((?:[\w.-]+/)+(?:[\w-]+\.\w+)?|[\w-]+\.(?:py|md|lock|json))`")
# Where a path that a page names may begin: a page says `s3/law`, and means the package's.
_ROOTS = (
    "",
    "compiler/firnline/",
    "compiler/firnline/targets/pulumi_aws/",
    "compiler/firnline/testing/",
)


def test_the_index_lists_every_page_once_and_no_other() -> None:
    rows = _ROW.findall(text_of(INDEX))
    assert all(shown == linked for shown, linked in rows)
    assert sorted(shown for shown, _ in rows) == PAGES


def test_the_map_of_the_compiler_links_to_the_index() -> None:
    assert "](../docs/decisions/README.md)" in text_of("compiler/README.md")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_was_decided_and_what_it_costs(page: str) -> None:
    text = text_of(f"{FOLDER}/{page}")
    assert re.search(r"^\*\*Decided\*\*: ", text, re.MULTILINE)
    assert "\n## What it costs\n" in text


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page: str) -> None:
    named = _PATH.findall(text_of(f"{FOLDER}/{page}"))
    missing = [path for path in named if not _exists(path)]
    assert not missing


def test_the_pages_name_paths_at_all() -> None:
    assert sum(len(_PATH.findall(text_of(f"{FOLDER}/{page}"))) for page in PAGES) >= len(PAGES)


@pytest.mark.parametrize("path", ["rules/no_such.py", "no_such.py", "s3/nothing/"])
def test_a_path_that_is_gone_is_found_missing(path: str) -> None:
    assert _PATH.findall(f"see `{path}` there") == [path]
    assert not _exists(path)


def _exists(path: str) -> bool:
    return any((CHECKOUT / root / path).exists() for root in _ROOTS)
