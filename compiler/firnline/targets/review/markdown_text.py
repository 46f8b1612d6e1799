"""A text that a stranger wrote → GitHub Markdown that shows it, and does nothing else.

What is shown is one line, as `visible` has it. GitHub looks some things up after it has rendered
the Markdown, where no escape is left to be seen: mentions, references, digests of commits, emoji.
In prose they are kept apart by zero-width spaces, as Renovate and Dependabot do; in code nothing is
looked up.
"""

from __future__ import annotations

import re
from typing import Final

from firnline.diagnostics.shortened import shortened
from firnline.diagnostics.visible import visible

LONGEST: Final = 300
APART: Final = "\u200b"
"""In the text itself this character is shown as an escape."""

_SIGN: Final = re.compile(r"[@#]|\bGH-(?=\d|$)|:(?=[\w+-]|$)", re.IGNORECASE)
_DIGEST: Final = re.compile(r"\b[0-9a-f]{7,40}\b", re.IGNORECASE)
_SIX: Final = re.compile(r".{6}(?=.)")
# What begins a construct of GitHub Flavored Markdown, in a line or at its start. A backslash makes
# any of them plain (2.4); entities do so where a cell of a table would end, and where HTML begins.
_MARKDOWN: Final = re.compile(r"[\\`*_~\[\]#:.)=+-]")
_ENTITY: Final = re.compile("[&<>$|\u200b]")
_HTML: Final = re.compile("[&<>\"'\u200b]")
_OUTER_SPACES: Final = re.compile("^ +| +$")
_BACKTICKS: Final = re.compile("`+")


def prose(text: str, longest: int = LONGEST) -> str:
    """As a part of a sentence, of a heading, an item of a list, or a cell of a table."""
    shown = _MARKDOWN.sub(r"\\\g<0>", _apart(_shown(text, longest)))
    return _OUTER_SPACES.sub(_entities, _ENTITY.sub(_entities, shown))


def code(text: str, longest: int = LONGEST) -> str:
    """As a code span, but in a cell of a table; empty where the text is."""
    shown = _shown(text, longest)
    if not shown:
        return ""
    fence = "`" * (1 + max(map(len, _BACKTICKS.findall(shown)), default=0))
    # A space at each end is taken away again, unless there is nothing else between them.
    ends = {shown[0], shown[-1]}
    pad = " " if "`" in ends or (ends == {" "} and shown.strip(" ")) else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def code_in_cell(text: str, longest: int = LONGEST) -> str:
    """As a code span in a cell of a table, where a pipe needs a backslash; behind a backslash it
    would end the cell all the same, and then the text is prose.
    """
    if "\\|" in text:
        return prose(text, longest)
    return code(text, longest).replace("|", "\\|")


def in_html(text: str, longest: int = LONGEST) -> str:
    """In a block of HTML, as between the tags of `<summary>`: Markdown means nothing there. Within
    a paragraph, as in `<sub>`, it does: that is prose.
    """
    return _HTML.sub(_entities, _apart(_shown(text, longest)))


def _shown(text: str, longest: int) -> str:
    return visible(shortened(text, longest))


def _apart(shown: str) -> str:
    """Without anything that GitHub would look up."""
    digests = _DIGEST.sub(lambda match: _SIX.sub(rf"\g<0>{APART}", match.group()), shown)
    return _SIGN.sub(rf"\g<0>{APART}", digests)


def _entities(match: re.Match[str]) -> str:
    return "".join(f"&#{ord(character)};" for character in match.group())
