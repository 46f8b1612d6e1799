"""Text → lines of at most so many terminal cells, where its words allow."""

from __future__ import annotations

import re

from firnline.diagnostics.visible import visible, width

_WORD = re.compile(r" *[^ ]+")


def wrapped(text: str, cells: int) -> list[str]:
    """At least one line; control characters are shown as escapes."""
    return [line for paragraph in text.split("\n") for line in _lines(visible(paragraph), cells)]


def _lines(paragraph: str, cells: int) -> list[str]:
    """Broken between words only. Runs of spaces are kept, except at the end of a line."""
    lines = [""]
    taken = 0
    for word in _WORD.findall(paragraph):
        if taken and taken + width(word) > cells:
            lines.append("")
            taken = 0
            word = word.lstrip(" ")
        lines[-1] += word
        taken += width(word)
    return lines
