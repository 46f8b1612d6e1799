"""Whatever a stranger wrote: GitHub's own parser makes of it that text, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.diagnostics.shortened import shortened
from firnline.diagnostics.visible import visible
from firnline.targets.review.markdown_text import (
    APART,
    LONGEST,
    code,
    code_in_cell,
    in_html,
    prose,
)
from tests.hostile.texts import NUL, SURROGATE, TEXTS, huge
from tests.targets.review.github_markdown import rendered

PLACES = {
    "alone": "{}",
    "in a sentence": "It deletes {} sooner, see {}.",
    "in bold": "> [!CAUTION]\n> **It deletes {}.** 3 buckets.",
    "a heading": "### {}\n\nmore",
    "an item": "- {}\n- {}: more\n",
    "below a line": "Above\n{}\n\nbelow",
    "between backticks": "`a` {} `b`",
    "between dollars": "$ {} $ {}",
    "small": "<sub>{}</sub>",
}
CELLS = {
    "a cell": "| a | b |\n|:--|--:|\n| {} | {} |\n| c | {} |\n",
    "a row without pipes": "a | b\n---|---\n{} | {}\n",
}
HTML = {
    "a summary": "<details><summary>{} more</summary>\n\nText.\n</details>",
    "a table": "<table><tr><td>{}</td>\n<td>{}</td></tr></table>\n\nText.",
}
CHARACTERS = list("\\`|*_~[]()<>&#@!$:;.-+=\"'/{}^ \n\t1aA")
WORDS = ["www.", "http://", "a@b.c", "\\|", "&amp;", "](", "<b>", "@acme", "#1", "```", "|--|"]
SIGNS = st.sampled_from([*CHARACTERS, *WORDS, "\u202e", "é", ":tada:", "0123456789abcdef"])
ANY = st.lists(SIGNS, max_size=30).map("".join) | st.text(max_size=60)
# Each would begin a block, or end one, at the start of a line.
BEGINNINGS = [
    *("- a", "* a", "+ a", "1. a", "1) a", "---", "***", "___", "===", "=", "    a", "> a", "# a"),
    *("####### a", "~~~", "```", "-- | --", ":-- | --:", "[a]: /b", "<div>", "<!--", "|", "| a |"),
    *("[ ] a", "- [x] a"),
]
NAMED = {**TEXTS, "half": SURROGATE, "NUL": NUL, **{each: each for each in BEGINNINGS}}
Written = Callable[[str], str]


def require_only(template: str, written: Written, text: str) -> None:
    """The text stands where it should, and all else is as with a word in its place."""
    shown = visible(shortened(text, LONGEST))
    page, plain = (
        rendered(template.replace("{}", written(text))),
        rendered(template.replace("{}", written("word"))),
    )
    assert page.tags == plain.tags
    assert page.text.replace(APART, "") == plain.text.replace("word", shown)
    assert page.looked_up == []


@pytest.mark.parametrize("text", NAMED.values(), ids=NAMED)
@pytest.mark.parametrize("template", [*PLACES.values(), *CELLS.values()], ids=[*PLACES, *CELLS])
def test_prose_is_that_text_wherever_it_stands(template: str, text: str) -> None:
    require_only(template, prose, text)


@given(st.sampled_from([*PLACES.values(), *CELLS.values()]), ANY)
def test_any_prose(template: str, text: str) -> None:
    require_only(template, prose, f"a{text}")
    require_only(template, prose, f"{text}b")


@given(st.sampled_from([*PLACES.values()]), ANY)
def test_any_code(template: str, text: str) -> None:
    require_only(template, code, f"{text}b")
    require_only(template, code, f"a{text}")


@given(st.sampled_from([*CELLS.values()]), ANY)
def test_any_code_in_a_cell_is_at_least_that_text(template: str, text: str) -> None:
    written = prose if "\\|" in text else code_in_cell
    assert code_in_cell(text) == written(text)
    require_only(template, written, f"a{text}" if text[:1] != "|" else text)


@given(st.sampled_from([*HTML.values()]), ANY)
def test_any_text_in_html(template: str, text: str) -> None:
    require_only(template, in_html, f"a{text}")


@pytest.mark.parametrize("text", NAMED.values(), ids=NAMED)
@pytest.mark.parametrize("template", HTML.values(), ids=HTML)
def test_text_in_html(template: str, text: str) -> None:
    require_only(template, in_html, text)


@pytest.mark.parametrize("text", huge(3_000_000).values(), ids=huge(1))
@pytest.mark.parametrize("written", [prose, code, code_in_cell, in_html])
def test_of_a_huge_text_the_middle_is_left_out(written: Written, text: str) -> None:
    assert len(written(text)) < 20 * LONGEST


def test_a_reader_sees_a_code_span_as_it_was() -> None:
    assert code("") == prose("") == ""
    assert code("a/b") == "`a/b`"
    assert code("a`b``c") == "```a`b``c```"
    assert code("`a`") == "`` `a` ``"
    assert code_in_cell("a|b") == "`a\\|b`"
    assert prose("checkpoints/ after 30d") == "checkpoints/ after 30d"
