"""What the docs show is true: examples compile, codes and linked pages exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from firnline.catalog import catalog
from firnline.pipeline import compile_files
from sandbox.paths import CHECKOUT
from tests.docs.pages import Block, blocks, pages, text_of
from tests.policies import whole

# Not of the catalog: a crash of ours, which has no example.
INTERNAL = "FL901"
# Of the check that docs/contributing.md adds.
ADDED = "FL699"
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_INSIDE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def examples() -> list[Block]:
    """Policies in YAML; `wrong/…` is wrong on purpose, of `noted/…` there is something to note, and
    two files in one folder are one example.

    Those of the generated pages are tested with the catalog.
    """
    written = [page for page in pages() if not page.startswith("docs/diagnostics/")]
    found = [block for page in written for block in blocks(page) if block.language == "yaml"]
    return [
        block
        for block in found
        if not (block.file or "").startswith(("wrong/", "noted/", "two/", ".pre-", ".github/"))
        and not Path(block.file or "").name.startswith(("Pulumi.", "people."))
    ]


@pytest.mark.parametrize("example", examples(), ids=lambda block: block.place)
def test_every_example_compiles_with_nothing_to_say(example: Block) -> None:
    compilation = compile_files({"policies/example.yaml": whole(example.content).encode()})
    assert compilation.diagnostics == ()


@pytest.mark.parametrize("page", pages())
def test_every_code_that_is_named_exists(page: str) -> None:
    named = set(re.findall(r"\bFL\d+\b", text_of(page)))
    assert named <= {kind.code for kind in catalog()} | {INTERNAL, ADDED}


@pytest.mark.parametrize("page", pages())
def test_every_relative_link_leads_somewhere(page: str) -> None:
    for link in _LINK.findall(_INSIDE.sub("", text_of(page))):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (CHECKOUT / page).parent / path if path else CHECKOUT / page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def test_every_page_with_examples_is_looked_at() -> None:
    assert {block.page for block in examples()} >= {"docs/language/filters.md", "docs/own-aws.md"}


def anchors(page: Path) -> set[str]:
    """As GitHub makes them: small letters, no punctuation but `-` and `_`, spaces as `-`."""
    headings = _HEADING.findall(_INSIDE.sub("", page.read_text(encoding="utf-8")))
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in kept}
