"""Sections → one page that needs nothing else: its style in it, light and dark, for a screen of any
width and for paper.

It loads nothing. Its content security policy allows its own style and, where its tables can be
sorted, the one script that sorts them, each by a hash; without that script it says the same.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from markupsafe import Markup

from firnline.targets.html.template import file_of, rendered

_PACKAGE: Final = "firnline.targets.html"
_NONE: Final = Markup()


@dataclass(frozen=True, slots=True)
class Heading:
    """`name`: what the page is about, such as a project or a bucket. `under`: lines below it."""

    title: str
    name: str
    under: Sequence[str] = ()


def whole_page(
    heading: Heading,
    sections: Iterable[Markup],
    footer: Markup,
    style: Markup = _NONE,
    *,
    sorts: bool = False,
) -> str:
    """`style` is what the sections need besides `base_style`. `sorts`: a click on the head of a
    column of `table.sorts` sorts its rows.
    """
    whole_style = base_style() + style
    script = file_of(_PACKAGE, "sort.js") if sorts else _NONE
    text = rendered(
        "page.html",
        _PACKAGE,
        heading=heading,
        style=whole_style,
        style_hash=_hash(whole_style),
        script=script,
        script_hash=_hash(script),
        sections=list(sections),
        footer=footer,
    )
    return f"{text}\n"


def base_style() -> Markup:
    return file_of(_PACKAGE, "page.css")


def _hash(text: Markup) -> str:
    """By which the page allows that text and no other, as CSP has it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}"
