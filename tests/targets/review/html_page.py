"""A page of HTML as browsers read it, by the parser of the specification; faults are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import pytest

_SVG = "{http://www.w3.org/2000/svg}"
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """Tags of a drawing begin with `svg:`."""

    root: Element

    def all(self, tag: str) -> list[Element]:
        return list(self.root.iter(tag))

    def of_class(self, name: str) -> list[Element]:
        return [each for each in self.root.iter() if name in each.get("class", "").split()]

    @property
    def tags(self) -> set[str]:
        """Without those of comments."""
        return {each.tag for each in self.root.iter() if isinstance(each.tag, str)}

    @property
    def comments(self) -> list[Element]:
        return [each for each in self.root.iter() if not isinstance(each.tag, str)]

    @property
    def attributes(self) -> Iterator[tuple[str, str, str]]:
        """A tag, a name and a value."""
        for each in self.root.iter():
            yield from ((str(each.tag), name, value) for name, value in each.items())

    @property
    def text(self) -> str:
        (body,) = self.all("body")
        return text_of(body)


def text_of(element: Element) -> str:
    """What is read there, with single spaces."""
    return _SPACES.sub(" ", " ".join(element.itertext())).strip()


def read_html(text: str) -> HtmlPage:
    html5lib: Any = pytest.importorskip("html5lib", reason="`make test-tools` installs html5lib")
    builder = html5lib.getTreeBuilder("etree")
    parser = html5lib.HTMLParser(builder, strict=True, namespaceHTMLElements=False)
    root: Element = parser.parse(text)
    for each in root.iter():
        if isinstance(each.tag, str):
            each.tag = each.tag.replace(_SVG, "svg:")
    return HtmlPage(root)
