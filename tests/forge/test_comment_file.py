"""Nothing that a pull request says mentions anybody, whatever markup and entities are around it.

The judge is a reader of rendered text, written on its own: as GitHub, it looks for `@` and a name
behind no word character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from firnline.forge import comment_file

ALLOWED = ("@acme/ml", "@ada")
# As the MentionFilter of html-pipeline, and its kin for teams.
_MENTIONED = re.compile(r"(?:^|\W)@((?:[a-z0-9][a-z0-9-]*)(?:/[a-z0-9][a-z0-9._-]*)?)", re.I)


def disarmed(text: str, allowed: Sequence[str]) -> str:
    return comment_file.disarmed(text, allowed, also_in_code=True)


class _Rendered(HTMLParser):
    """The texts between tags; what stands in code mentions nobody on GitHub, but counts here."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def mentioned_by(markdown: str) -> set[str]:
    renderer = _Rendered()
    renderer.feed(MarkdownIt("commonmark", {"html": True}).render(markdown))
    renderer.close()
    return {f"@{name.rstrip('.')}" for text in renderer.texts for name in _MENTIONED.findall(text)}


HOSTILE = (
    "@mallory",
    "hello @mallory!",
    "@acme/security",
    "@acme/ml-evil",
    "@acme/ml_evil",
    "@ada-evil",
    "@ada/evil",
    r"@ada\/evil",
    "@ada&#45;evil",
    "@ada&#47;evil",
    "@adA/evil",
    r"\@mallory",
    "&#64;mallory",
    "&#0064;mallory",
    "&#x40;mallory",
    "&#X040;mallory",
    "&commat;mallory",
    "@&#109;allory",
    "&#64;&#109;allory",
    "&#8203;@mallory",
    "a&#8203;@mallory",
    "a&amp;@mallory",
    "<div>&amp@mallory</div>",
    "<div>&#64mallory</div>",
    "_@mallory_",
    "a_@mallory",
    "**a**@mallory",
    "`a`@mallory",
    "[x](y)@mallory",
    "<b>@mallory</b>",
    "<summary>@mallory</summary>",
    "x<!-- -->@mallory",
    "| @mallory |",
    "a\u200b@mallory",
    "\u202e@mallory",
    "a\r@mallory",
    "@@mallory",
    "@&#64;mallory",
    "&#64;&#64;mallory",
    "@\u200b@mallory",
    "@ada@mallory",
    "@ada,@mallory",
    "@ada.@mallory",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nobody_else_is_mentioned(text: str) -> None:
    assert mentioned_by(disarmed(text, ALLOWED)) <= {*ALLOWED, "@adA"}


def test_the_judge_finds_mentions() -> None:
    assert len([text for text in HOSTILE if mentioned_by(text) - {*ALLOWED}]) > 30


PIECES = (
    *("@", "&#64;", "&#x40;", "&commat;", "&#109;", "&amp;", "&#8203;", "&", "#", ";"),
    *("a", "mallory", "ada", "acme/ml", "/", "-", "_", ".", " ", "\n", "\u200b"),
    *("*", "`", "\\", "<b>", "</b>", "|", "<!-- -->", "[x](y)", "> ", "~~~\n"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_nobody_else_is_mentioned_in_any_mixture(text: str) -> None:
    assert mentioned_by(disarmed(text, ALLOWED)) <= {*ALLOWED}


@pytest.mark.parametrize(
    "text",
    [
        "@acme/ml owns it; ask @ada.",
        "@ada, @acme/ml: **now**",
        "user@example.com, `runs/a@b`, 5 @ 3, @ , s3://bucket/run-7@2",
        "│ ▒▒▒✖···  2026‑07‑24 🗄️ → 96.1 TiB",
        "| a | b |\n|:--|--:|\n| `x` | 1,120,068 |\n\n<details><summary>more</summary>\n</details>",
    ],
)
def test_everything_else_is_posted_as_it_is(text: str) -> None:
    assert disarmed(text, ALLOWED) == text


def test_what_is_broken_already_stays_so() -> None:
    once = disarmed("@mallory, @ada and @eve", ALLOWED)
    assert disarmed(once, ALLOWED) == once


@pytest.mark.parametrize(
    "text",
    [
        "`packages/@acme/x`",
        "see `` a`@b `` and `@c` | `@d`",
        "```text\n@mallory\n```",
        "@&#8203;mallory",  # as `diff` keeps names in prose apart
    ],
)
def test_code_of_our_own_stays_as_it_is(text: str) -> None:
    assert comment_file.disarmed(text, ALLOWED, also_in_code=False) == text


@pytest.mark.parametrize(
    "text",
    [
        r"\`@mallory`",
        "`a` @mallory `b`",
        "`` ` @mallory",
        "`a\n@mallory\nb`",
        "```\na\n```\n@mallory\n```\nb\n```",
        "@mallory",
    ],
)
def test_what_is_beside_code_is_no_code(text: str) -> None:
    assert "@\u200bmallory" in comment_file.disarmed(text, ALLOWED, also_in_code=False)


def test_what_hides_or_reorders_text_is_shown_as_its_escape() -> None:
    assert disarmed("a\u202eb\x1b[2Kc\x00", ()) == r"a\u202eb\x1b[2Kc\x00"
