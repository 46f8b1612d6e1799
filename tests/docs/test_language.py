"""The reference of the language is short pages, all of them listed, and names every key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from firnline.s3.shape import Json
from sandbox.paths import CHECKOUT
from tests.docs.pages import text_of

FOLDER = "docs/language"
INDEX = "README.md"
PAGES = sorted(page.name for page in (CHECKOUT / FOLDER).glob("*.md") if page.name != INDEX)
SHORT = 210  # lines: what is not one screen is one question
SCHEMAS = ("policy", "fleet", "expectations")


def test_the_index_lists_every_page_once() -> None:
    listed = re.findall(r"^\| \[[^\]]+\]\(([\w-]+\.md)\) \|", text_of(f"{FOLDER}/{INDEX}"), re.M)
    assert sorted(listed) == PAGES


@pytest.mark.parametrize("page", [INDEX, *PAGES])
def test_a_page_is_short(page: str) -> None:
    assert len(text_of(f"{FOLDER}/{page}").splitlines()) <= SHORT


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_of_the_schema_is_on_some_page(name: str) -> None:
    text = files("firnline.language").joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    pages = "\n".join(text_of(f"{FOLDER}/{page}") for page in PAGES)
    named = set(re.findall(r"[\w$]+", " ".join(re.findall(r"`[^`\n]+`", pages))))
    assert [*_keys(json.loads(text), named)] == []


def _keys(schema: Json, named: set[str]) -> Iterator[str]:
    """Those that no page names."""
    for key, value in schema.items():
        if key in ("properties", "patternProperties") and isinstance(value, dict):
            yield from (each for each in value if key == "properties" and each not in named)
            for each in value.values():
                if isinstance(each, dict):
                    yield from _keys(each, named)
        elif isinstance(value, dict):
            yield from _keys(value, named)
        elif isinstance(value, list):
            for each in value:
                if isinstance(each, dict):
                    yield from _keys(each, named)
