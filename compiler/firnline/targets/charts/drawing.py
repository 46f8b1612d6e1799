"""What is drawn, in units from the upper left corner: shapes with a class, words and a tooltip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Final

from firnline.diagnostics.visible import width
from firnline.targets.charts.tone import HATCHES, Hatch, Tone, lines_of

WIDTH: Final = 360
TEXT: Final = 11
"""How high a line of text is, in units: 11 px on a phone."""
BAR: Final = 11
"""How high a bar is; the dashes of its hatch in `chart.css` are as long."""
LETTER: Final = 0.605 * TEXT
"""How wide a letter of a monospaced font is."""
AT_END: Final = "at-end"
IN_MIDDLE: Final = "in-middle"
_WIDEST: Final = frozenset("MWmw@%")
_DIGITS: Final = frozenset("0123456789$+")

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    wide: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """Broken where a place is not a number."""

    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Area:
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Words:
    """`y` is the line that the letters stand on. Where they begin, or end, says the class."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """`tooltip` is for who points at it."""

    shape: Box | Line | Area | Words
    classes: str
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Says:
    """`name` is a word that begins each ID in the chart: no other chart of a page has it."""

    name: str
    title: str
    description: str


@dataclass(slots=True)
class Drawing:
    says: Says
    height: float
    marks: list[Mark] = field(default_factory=list)
    hatches: dict[Hatch, list[Place]] = field(default_factory=dict)

    def all_marks(self) -> list[Mark]:
        """The hatches of all boxes above them, and below what was drawn later."""
        boxes = [at for at, mark in enumerate(self.marks) if isinstance(mark.shape, Box)]
        above = max(boxes, default=-1) + 1
        hatches = (
            Mark(Line(places), f"hatch {each.value}") for each, places in self.hatches.items()
        )
        return [*self.marks[:above], *hatches, *self.marks[above:]]

    def text(self, x: float, y: float, words: str, classes: str = "", tooltip: str = "") -> None:
        self.marks.append(Mark(Words(x, y, words), classes, tooltip))

    def box(self, box: Box, classes: str) -> None:
        self.marks.append(Mark(box, classes))

    def line(self, places: Sequence[Place], classes: str) -> None:
        self.marks.append(Mark(Line(places), classes))

    def dots(self, places: Iterable[Place], classes: str) -> None:
        """Lines without a length, which have round ends."""
        self.line([end for place in places for end in (place, place, (nan, nan))], classes)

    def area(self, places: Sequence[Place], classes: str) -> None:
        self.marks.append(Mark(Area(places), classes))

    def part(self, box: Box, tone: Tone, tooltip: str = "") -> None:
        """A box that differs from others without its colour too."""
        self.marks.append(Mark(box, f"part {tone.value}", tooltip))
        hatch, end = HATCHES[tone], box.x + box.wide
        starts = [(x, box.y + share * box.high) for x, share in lines_of(hatch) if x < box.wide]
        for x, y in starts:
            self.hatches.setdefault(hatch, []).extend([(box.x + x, y), (end, y), (nan, nan)])


def room_for(words: str) -> float:
    """In units, for words of any kind: as wide as in DejaVu Sans, which few fonts exceed."""
    return sum(map(_room_for_letter, words))


def _room_for_letter(letter: str) -> float:
    if letter in _WIDEST:
        return TEXT
    if letter.isupper():
        return 0.72 * TEXT
    return 0.64 * TEXT if letter in _DIGITS else width(letter) * LETTER
