"""Which look stands for what, in as many lines as a narrow chart needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from firnline.targets.charts.drawing import BAR, WIDTH, Box, Drawing, room_for
from firnline.targets.charts.tone import Tone

LINE: Final = 16
_SWATCH: Final = 14
_TO_WORDS: Final = 4
_GAP: Final = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """How it looks: as a tone, or by the class of a line or an area."""

    words: str
    tone: Tone | None = None
    line: str = ""
    area: str = ""


def height_of(entries: Sequence[Entry]) -> float:
    return LINE * (1 + max((line for _, _, line in _placed(entries)), default=-1))


def draw_legend(drawing: Drawing, entries: Sequence[Entry]) -> None:
    """From the top of the drawing."""
    for entry, x, line in _placed(entries):
        middle = line * LINE + LINE / 2 - 1
        box = Box(x, middle - BAR / 2, _SWATCH, BAR)
        if entry.line:
            drawing.line([(x, middle), (x + _SWATCH, middle)], entry.line)
        elif entry.tone:
            drawing.part(box, entry.tone)
        else:
            drawing.box(box, entry.area)
        drawing.text(x + _SWATCH + _TO_WORDS, middle + 4, entry.words)


def _placed(entries: Sequence[Entry]) -> Iterator[tuple[Entry, float, int]]:
    """Where each begins, and in which line."""
    x, line = 0.0, 0
    for entry in entries:
        wide = _SWATCH + _TO_WORDS + room_for(entry.words)
        if x and x + wide > WIDTH:
            x, line = 0.0, line + 1
        yield entry, x, line
        x += wide + _GAP
