"""A drawing → SVG as matplotlib writes it, in which each mark is a group that has its number."""

from __future__ import annotations

from io import BytesIO
from typing import Final, assert_never

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from firnline.targets.charts.drawing import (
    AT_END,
    IN_MIDDLE,
    WIDTH,
    Area,
    Box,
    Drawing,
    Line,
    Mark,
    Words,
)

NUMBERED: Final = "mark-"
_INCH: Final = 72
_NO_METADATA: Final = {"Date": None, "Creator": None, "Format": None, "Type": None}


def drawn(drawing: Drawing) -> bytes:
    """By the defaults of matplotlib, whatever the settings of the machine are."""
    buffer = BytesIO()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rc("svg", hashsalt="firnline", fonttype="none")
        matplotlib.rc("path", simplify=False)
        figure = Figure(figsize=(WIDTH / _INCH, drawing.height / _INCH), dpi=_INCH)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        for number, mark in enumerate(drawing.all_marks()):
            _draw(axes, mark, f"{NUMBERED}{number}")
        axes.set(xlim=(0, WIDTH), ylim=(drawing.height, 0))
        figure.savefig(buffer, format="svg", metadata=_NO_METADATA)
    return buffer.getvalue()


def _draw(axes: Axes, mark: Mark, gid: str) -> None:
    match mark.shape:
        case Box(x, y, wide, high):
            axes.barh(y, wide, left=x, height=high, align="edge", gid=gid, clip_on=False)
        case Line(places):
            axes.plot(*zip(*places, strict=True), gid=gid, clip_on=False)
        case Area(places):
            axes.fill(*zip(*places, strict=True), gid=gid, clip_on=False)
        case Words(x, y):
            # It lays out no text of ours: it lacks many letters, and `$` is its maths.
            side = {AT_END: "right", IN_MIDDLE: "center"}.get(mark.classes, "left")
            axes.text(x, y, "x", gid=gid, ha=side, va="baseline")
        case _:
            assert_never(mark.shape)
