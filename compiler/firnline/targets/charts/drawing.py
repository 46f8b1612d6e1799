"""A figure of matplotlib whose parts have a class, words and a tooltip of ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import nan
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from firnline.diagnostics.visible import width
from firnline.targets.charts.tone import HATCHES, Tone, lines_of

WIDTH: Final = 360
TEXT: Final = 11
"""How high a line of text is, in units: 11 px on a phone."""
BAR: Final = 11
"""How high a bar is; the dashes of its hatch in `chart.css` are as long."""
LETTER: Final = 0.605 * TEXT
"""How wide a letter of a monospaced font is."""
_WIDEST: Final = frozenset("MWmw@%")
_INCH: Final = 72
MARK: Final = "mark-"
AT_END: Final = "at-end"
IN_MIDDLE: Final = "in-middle"


@dataclass(frozen=True, slots=True)
class Mark:
    """`words` is the text itself where the part is one; `tooltip` is for who points at it."""

    classes: str
    words: str = ""
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Says:
    """`name` is a word that begins each ID in the chart: no other chart of a page has it."""

    name: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    wide: float
    high: float


class Drawing:
    """Matplotlib lays out no text of ours: it lacks many letters, and `$` is its maths."""

    def __init__(self, says: Says, height: float) -> None:
        self.says, self.height = says, height
        self.marks: list[Mark] = []
        self.figure = Figure(figsize=(WIDTH / _INCH, height / _INCH), dpi=_INCH)
        self._whole = self.plot(0, 0, WIDTH, height)
        self._whole.set(xlim=(0, WIDTH), ylim=(height, 0))

    def plot(self, left: float, top: float, right: float, bottom: float) -> Axes:
        """A place for a plot, in units from the corner at the top."""
        size = (right - left) / WIDTH, (bottom - top) / self.height
        axes = self.figure.add_axes((left / WIDTH, 1 - bottom / self.height, *size))
        axes.set_axis_off()
        return axes

    def mark(self, classes: str, tooltip: str = "") -> str:
        """The `gid` of what is drawn next."""
        return self._add(Mark(classes, tooltip=tooltip))

    def text(self, x: float, y: float, words: str, classes: str = "", tooltip: str = "") -> None:
        """`y` is the line that the letters stand on."""
        side = {AT_END: "right", IN_MIDDLE: "center"}.get(classes, "left")
        gid = self._add(Mark(classes, words=words, tooltip=tooltip))
        self._whole.text(x, y, "x", gid=gid, ha=side, va="baseline", fontsize=TEXT)

    def box(self, box: Box, gid: str) -> None:
        self._whole.barh(
            box.y, box.wide, left=box.x, height=box.high, align="edge", gid=gid, clip_on=False
        )

    def part(self, box: Box, tone: Tone, tooltip: str = "") -> None:
        """A box that differs from others without its colour too."""
        gid = self.mark(f"part {tone.value}", tooltip)
        self.box(box, gid)
        hatch = HATCHES[tone]
        ends = [
            (box.x + x, box.y + share * box.high, box.x + box.wide)
            for x, share in lines_of(hatch)
            if x < box.wide
        ]
        if ends:
            places = [place for x, y, end in ends for place in ((x, y), (end, y), (nan, nan))]
            self.line(places, self.mark(f"hatch {hatch.value}"))

    def line(self, places: list[tuple[float, float]], gid: str) -> None:
        self._whole.plot(*zip(*places, strict=True), gid=gid, clip_on=False)

    def dots(self, places: Iterable[tuple[float, float]], gid: str) -> None:
        """Lines without a length, which have round ends."""
        ends = [end for place in places for end in (place, place, (nan, nan))]
        self.line(ends, gid)

    def area(self, places: list[tuple[float, float]], gid: str) -> None:
        self._whole.fill(*zip(*places, strict=True), gid=gid, clip_on=False)

    def _add(self, mark: Mark) -> str:
        self.marks.append(mark)
        return f"{MARK}{len(self.marks) - 1}"


def room_for(words: str) -> float:
    """In units, for words of any kind: as wide as in DejaVu Sans, which few fonts exceed."""
    return sum(map(_room_for_letter, words))


def _room_for_letter(letter: str) -> float:
    if letter in _WIDEST:
        return TEXT
    return 0.72 * TEXT if letter.isupper() else width(letter) * LETTER
