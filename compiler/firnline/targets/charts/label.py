"""The line above a bar: what it is about, and its value at the end of the line."""

from __future__ import annotations

from typing import Final

from firnline.diagnostics.visible import visible
from firnline.targets.aligned import cut_inside
from firnline.targets.charts.drawing import AT_END, LETTER, WIDTH, Drawing, room_for

ROW: Final = 34
"""How high a label and its bar are, with the space to the next."""
TO_LETTERS: Final = 11
TO_BAR: Final = 16
_GAP: Final = 8
_IN_A_SENTENCE: Final = 60


def draw_label(
    drawing: Drawing, y: float, label: str, value: str, *, is_prefix: bool = True
) -> None:
    """A long label is cut, so that neither covers the other; its tooltip is all of it."""
    shown = visible(label)
    room = WIDTH - room_for(value) - _GAP
    short = cut_inside(shown, int(room / LETTER)) if is_prefix else _cut(shown, room)
    classes = "key" if is_prefix else "words"
    drawing.text(0, y, short, classes, tooltip="" if short == shown else label)
    drawing.text(WIDTH, y, value, AT_END)


def in_short(label: str) -> str:
    """For a sentence about several."""
    return cut_inside(visible(label), _IN_A_SENTENCE)


def _cut(words: str, room: float) -> str:
    if room_for(words) <= room:
        return words
    while words and room_for(f"{words}…") > room:
        words = words[:-1]
    return f"{words}…"
