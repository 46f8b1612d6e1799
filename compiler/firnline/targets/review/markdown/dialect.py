"""What do forges render otherwise: alerts, folded sections, and small print?"""

from __future__ import annotations

from enum import Enum
from typing import Final, assert_never

from firnline.targets.review.markdown_text import in_html


class Dialect(Enum):
    """GitHub's Markdown, or what other forges render too: no alerts, and no HTML."""

    GITHUB = "github"
    PLAIN = "plain"


class Alert(Enum):
    """The value is GitHub's word."""

    CAUTION = "CAUTION"
    WARNING = "WARNING"
    NOTE = "NOTE"


NEW_LINE: Final = {Dialect.GITHUB: "<br>", Dialect.PLAIN: "; "}
"""In a cell of a table."""


def alert(dialect: Dialect, kind: Alert, text: str) -> str:
    match dialect:
        case Dialect.GITHUB:
            return f"> [!{kind.value}]\n> {text}"
        case Dialect.PLAIN:
            return f"> **{kind.value.capitalize()}:** {text}"
        case _:
            assert_never(dialect)


def folded(dialect: Dialect, title: str, body: str) -> str:
    """`title` is plain text."""
    match dialect:
        case Dialect.GITHUB:
            return f"<details><summary>{in_html(title)}</summary>\n\n{body}\n\n</details>"
        case Dialect.PLAIN:
            return f"#### {title}\n\n{body}"
        case _:
            assert_never(dialect)


def small(dialect: Dialect, text: str) -> str:
    match dialect:
        case Dialect.GITHUB:
            return f"<sub>{text}</sub>"
        case Dialect.PLAIN:
            return text
        case _:
            assert_never(dialect)
