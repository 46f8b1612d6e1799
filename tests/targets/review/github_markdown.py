"""What GitHub makes of Markdown: its own parser, and what it looks up afterwards in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

_NOT_LOOKED_INTO = {"code", "pre", "a"}
# After GitHub Docs, autolinked references and mentions, and emoji in basic formatting.
_LOOKED_UP = re.compile(
    r"(?<![\w`/])@[a-z0-9]|#\d|\bGH-\d|:[\w+-]+:|\b[0-9a-f]{7,40}\b", re.IGNORECASE
)


@dataclass
class Page(HTMLParser):
    """`tags` are all of them in order, with their attributes and comments; `text` is what is read,
    and `looked_up` what GitHub would make a link or a picture of.
    """

    tags: list[str] = field(default_factory=list)
    text: str = ""
    looked_up: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"<{tag} {attrs}>")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"</{tag}>")
        if tag in self._open:
            self._open.remove(tag)

    def handle_comment(self, data: str) -> None:
        self.tags.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.tags.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.tags.append(f"<?{data}>")

    def handle_data(self, data: str) -> None:
        self.text += data
        if not _NOT_LOOKED_INTO & set(self._open):
            self.looked_up += _LOOKED_UP.findall(data)


def rendered(markdown: str) -> Page:
    """With HTML that is not taken out: what GitHub strips, we do not write either."""
    cmarkgfm = pytest.importorskip("cmarkgfm", reason="`make test-tools` installs cmarkgfm")
    unsafe = cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE
    page = Page()
    page.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, unsafe))
    page.close()
    return page
