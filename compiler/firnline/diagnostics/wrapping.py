"""Text → lines of at most so many terminal cells, where its words allow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firnline.diagnostics.visible import visible, width

_WORD = re.compile(" *[^ ]+")
_QUOTED_OR_WORD = re.compile(" *(?:`[^`]*`|[^ ])+")
"""What stands between backticks can be copied: a command, a key with its value."""


def wrapped(text: str, cells: int, *, hanging: int = 0) -> list[str]:
    """At least one line; control characters are shown as escapes. `hanging` is how much further
    than the first line of a paragraph the others are indented.
    """
    return [
        line
        for paragraph in text.split("\n")
        for line in _lines(visible(paragraph), cells, hanging)
    ]


def _lines(paragraph: str, cells: int, hanging: int) -> list[str]:
    """Broken between words only. Runs of spaces are kept, except at the end of a line, and in front
    of a first word that would not fit behind them.
    """
    lines = [""]
    taken = 0
    further = " " * (len(paragraph) - len(paragraph.lstrip(" ")) + hanging) if hanging else ""
    for word in _words(paragraph, cells - len(further)):
        too_wide = width(word) - cells
        if not taken and too_wide > 0:
            word = word[min(too_wide, len(word) - len(word.lstrip(" "))) :]
        if taken and taken + width(word) > cells:
            lines.append("")
            word = further + word.lstrip(" ")
            taken = 0
        lines[-1] += word
        taken += width(word)
    return lines


def _words(paragraph: str, cells: int) -> Iterator[str]:
    for word in _QUOTED_OR_WORD.findall(paragraph):
        if width(word) <= cells:
            yield word
        else:
            yield from _WORD.findall(word)
