"""Rows of parts → horizontal bars, each below its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from firnline.s3.terms import Bytes
from firnline.targets.charts.drawing import BAR, WIDTH, Box, Drawing, Says
from firnline.targets.charts.label import ROW, TO_BAR, TO_LETTERS, Label, in_short
from firnline.targets.charts.legend import Entry, draw_legend, height_of
from firnline.targets.charts.svg import to_svg
from firnline.targets.charts.tone import Tone

_LEAST: Final = 1.5
"""Something is never drawn as nothing."""


class Length(Enum):
    """What the whole width of the chart stands for."""

    LARGEST_ROW = "largest row"
    EACH_ROW = "each row"


@dataclass(frozen=True, slots=True)
class Part:
    """`words` say what it is, such as a storage class."""

    tone: Tone
    words: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Row:
    """`value` stands at the end of its line; None: all its bytes."""

    label: str
    parts: tuple[Part, ...]
    value: str | None = None
    is_prefix: bool = True

    @property
    def bytes(self) -> int:
        return sum(part.bytes for part in self.parts)

    @property
    def says(self) -> str:
        return Bytes(self.bytes).rounded if self.value is None else self.value


def stacked_bars(
    name: str, title: str, rows: Sequence[Row], length: Length = Length.LARGEST_ROW
) -> str:
    """In the order of the rows and of their parts."""
    legend = _legend(rows)
    top = height_of(legend) + 6
    says = Says(name, title, " ".join(map(_sentence, rows)) or "Nothing is stored.")
    labels = [Label.of(row.label, row.says, is_prefix=row.is_prefix) for row in rows]
    below = sum(ROW + label.higher for label in labels) or ROW
    drawing = Drawing(says, top + below - (ROW - TO_BAR - BAR) + 2)
    draw_legend(drawing, legend)
    largest = max((row.bytes for row in rows), default=0)
    y = top
    for row, label in zip(rows, labels, strict=True):
        label.draw(drawing, y + TO_LETTERS)
        whole = row.bytes if length is Length.EACH_ROW else largest
        _draw_parts(drawing, y + TO_BAR + label.higher, row, whole)
        y += ROW + label.higher
    return to_svg(drawing)


def _draw_parts(drawing: Drawing, y: float, row: Row, whole: int) -> None:
    drawing.box(Box(0, y, WIDTH, BAR), "track")
    x = 0.0
    for part in row.parts:
        if not part.bytes:
            continue
        wide = max(WIDTH * part.bytes / whole, _LEAST)
        x = min(x, WIDTH - wide)  # where small parts were drawn larger than they are
        drawing.part(Box(x, y, wide, BAR), part.tone, _words(part))
        x += wide


def _legend(rows: Sequence[Row]) -> list[Entry]:
    """Nothing where all parts are alike."""
    parts: dict[Tone, dict[str, None]] = {}
    for part in (part for row in rows for part in row.parts if part.bytes):
        parts.setdefault(part.tone, {})[part.words] = None
    if len(parts) < 2:
        return []
    return [Entry(", ".join(parts[tone]), tone) for tone in Tone if tone in parts]


def _sentence(row: Row) -> str:
    parts = ", ".join(_words(part) for part in row.parts if part.bytes)
    return f"{in_short(row.label)}: {parts or 'nothing'}."


def _words(part: Part) -> str:
    return f"{part.words} {Bytes(part.bytes).rounded}".strip()
