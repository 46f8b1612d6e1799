"""How is a waiver removed from its file, and nothing else?"""

from __future__ import annotations

import re

from firnline.diagnostics.fix import Edit, Fix
from firnline.diagnostics.position import Span
from firnline.language.model import Waiver

_REST_OF_LINE = re.compile(r"[ \t]*(#[^\n]*)?(\n|$)")
_COMMA_BEHIND = re.compile(r"\s*,[ \t]*")
_COMMA_BEFORE = re.compile(r",\s*$")


def removal(waiver: Waiver, *, whole_list: bool) -> Fix | None:
    """Edits that remove it, or the whole list where none of it is needed; none where the text is in
    a form that a person should edit.
    """
    source, start, end = waiver.entry.source, waiver.entry.start, waiver.entry.end
    text = source.text
    if text[start] != "{" or text[end - 1] != "}":
        return None
    if whole_list:
        return _whole_list(waiver)
    before = text[text.rfind("\n", 0, start) + 1 : start]
    rest = _REST_OF_LINE.match(text, end)
    if before.strip() == "-" and rest:
        return _cut(waiver, start - len(before), rest.end())
    if behind := _COMMA_BEHIND.match(text, end):
        return _cut(waiver, start, behind.end())
    if comma := _COMMA_BEFORE.search(text[:start]):
        return _cut(waiver, comma.start(), end)
    return None


def _whole_list(waiver: Waiver) -> Fix | None:
    """Only where it is a flow list that ends its line, and the key begins its own."""
    text, start = waiver.key.source.text, waiver.key.start
    opening = re.compile(r"waivers[ \t]*:[ \t]*\[[^#\[\]]*\]").match(text, start)
    rest = _REST_OF_LINE.match(text, opening.end()) if opening else None
    if rest is None or (start and text[start - 1] != "\n"):
        return None
    return _cut(waiver, start, rest.end())


def _cut(waiver: Waiver, start: int, end: int) -> Fix:
    return Fix((Edit(Span(waiver.entry.source, start, end), ""),), safe=True)
