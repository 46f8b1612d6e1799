"""The pages on diagnostics are what the catalog gives, and show what `firnline check` says."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path

import pytest

from docs import generate
from firnline.catalog import catalog
from firnline.cli import main
from firnline.diagnostics.kinds import Kind
from tests.test_catalog import KINDS


def test_the_committed_pages_are_what_the_catalog_gives() -> None:
    committed = {page.name: page.read_text(encoding="utf-8") for page in generate.FOLDER.iterdir()}
    assert committed == generate.pages(), "run `make docs` and commit docs/diagnostics"


def test_every_kind_has_a_page_and_a_row_in_the_list() -> None:
    pages = generate.pages()
    for kind in catalog():
        assert f"\n| [{kind.code}]({kind.code}.md) | {kind.name} |" in pages["README.md"]
        assert f"\n# {kind.code}: {kind.title}\n" in pages[f"{kind.code}.md"]


@pytest.mark.parametrize("kind", KINDS, ids=attrgetter("name"))
def test_a_page_shows_the_diagnostic_as_it_is_drawn(kind: Kind) -> None:
    head = f"\n```text\n{kind.severity.value}[{kind.code}]: {kind.title}\n"
    assert head in generate.page(kind)


@pytest.mark.parametrize("kind", catalog(), ids=attrgetter("name"))
def test_explain_shows_the_same_texts_as_the_page(
    kind: Kind, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # a page scrolls; a narrow screen shows less of a line
    assert main(["explain", kind.code]) == 0
    explained = _words(capsys.readouterr().out)
    for fenced in generate.page(kind).split("```")[1::2]:
        assert _words(fenced.partition("\n")[2]) in explained
    for text in (kind.title, kind.why, kind.help):
        assert _words(text) in explained


def test_the_page_of_a_kind_that_is_gone_goes_too(tmp_path: Path) -> None:
    (tmp_path / "FL000.md").write_text("an old page")
    generate.write({"FL999.md": "a new one"}, tmp_path)
    assert [page.name for page in tmp_path.iterdir()] == ["FL999.md"]


def _words(text: str) -> str:
    return " ".join(text.split())
