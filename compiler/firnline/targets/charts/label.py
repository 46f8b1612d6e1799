"""The line above a bar: what it is about, and its value at the end of the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from firnline.diagnostics.visible import visible
from firnline.targets.aligned import cut_inside
from firnline.targets.charts.drawing import AT_END, LETTER, WIDTH, Drawing, room_for

ROW: Final = 34
"""How high a label and its bar are, with the space to the next."""
TO_LETTERS: Final = 11
TO_BAR: Final = 16
_LINE: Final = 13
_GAP: Final = 8
_IN_A_SENTENCE: Final = 60


@dataclass(frozen=True, slots=True)
class Label:
    """What fits into the chart of a label. A prefix is cut in its middle; words take a second line
    before they are cut.
    """

    whole: str
    lines: tuple[str, ...]
    value: str
    is_prefix: bool

    @classmethod
    def of(cls, label: str, value: str, *, is_prefix: bool = True) -> Label:
        shown = visible(label)
        room = WIDTH - room_for(value) - _GAP
        lines = (cut_inside(shown, int(room / LETTER)),) if is_prefix else _two(shown, room)
        return cls(label, lines, value, is_prefix)

    @property
    def higher(self) -> float:
        """Than one line."""
        return _LINE * (len(self.lines) - 1)

    def draw(self, drawing: Drawing, y: float) -> None:
        """`y` is the line that the letters of the first line stand on."""
        is_whole = " ".join(self.lines) == visible(self.whole)
        tooltip = "" if is_whole else self.whole
        for number, line in enumerate(self.lines):
            classes = "key" if self.is_prefix else "words"
            drawing.text(0, y + number * _LINE, line, classes, tooltip)
        drawing.text(WIDTH, y, self.value, AT_END)


def in_short(label: str) -> str:
    """For a sentence about several."""
    return cut_inside(visible(label), _IN_A_SENTENCE)


def _two(words: str, room: float) -> tuple[str, ...]:
    first = ""
    for word in words.split(" "):
        if room_for(f"{first} {word}".lstrip()) > room:
            break
        first = f"{first} {word}".lstrip()
    rest = words.removeprefix(first).lstrip()
    return (first, _cut(rest, WIDTH)) if first and rest else (_cut(words, room),)


def _cut(words: str, room: float) -> str:
    if room_for(words) <= room:
        return words
    while words and room_for(f"{words}…") > room:
        words = words[:-1]
    return f"{words}…"
