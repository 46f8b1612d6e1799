"""Rows of cells → lines with aligned columns, as wide as a screen."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Final

from firnline.diagnostics.visible import width
from firnline.diagnostics.wrapping import wrapped

GAP = "  "
_LEAST_ROOM: Final = 12


def cut(text: str, columns: int) -> str:
    """At most so many cells wide; an ellipsis stands for what is left out."""
    if width(text) <= columns:
        return text
    while text and width(text) >= columns:
        text = text[:-1]
    return f"{text}…"


def cut_inside(text: str, columns: int) -> str:
    """As `cut`, for paths: their ends tell them apart."""
    if width(text) <= columns:
        return text
    start = columns // 3
    end = columns - 1 - start
    while start + end and width(text[:start] + text[len(text) - end :]) >= columns:
        start, end = max(start - 1, 0), end - (start == 0)
    return f"{text[:start]}…{text[len(text) - end :]}"


def aligned(
    rows: Sequence[Sequence[str]],
    columns: int,
    *,
    right: Container[int] = (),
    cutting: Callable[[str, int], str] = cut,
) -> list[str]:
    """`right` are the columns whose cells are aligned on their right. The last column takes what is
    left of the width, and is cut where it is too long. A row of one cell is a title.
    """
    tabular = [row for row in rows if len(row) > 1]
    widths = [max(width(cell) for cell in cells) for cells in zip(*tabular, strict=True)]
    return [
        _line(row, widths, columns, right, cutting) if len(row) > 1 else cut(row[0], columns)
        for row in rows
    ]


def aligned_whole(
    rows: Sequence[Sequence[str]], columns: int, *, right: Container[int] = ()
) -> list[str]:
    """As `aligned`, but the last cell of a row is wrapped below itself, and never cut: where a word
    of it has no room, a line is wider than the screen.
    """
    *others, last = zip(*rows, strict=True)
    edge = sum(max(map(width, cells)) + len(GAP) for cells in others)
    room = max(columns - edge, _LEAST_ROOM)
    lines: list[Sequence[str]] = []
    for row in rows:
        first, *more = wrapped(row[-1], room)
        lines.append((*row[:-1], first))
        lines += ((*("" for _ in others), each) for each in more)
    return aligned(lines, edge + max(map(width, last)), right=right)


def _line(
    row: Sequence[str],
    widths: Sequence[int],
    columns: int,
    right: Container[int],
    cutting: Callable[[str, int], str],
) -> str:
    line = ""
    for place, (cell, wide) in enumerate(zip(row, widths, strict=True)):
        gap = GAP if place else ""
        if place == len(row) - 1:
            cell = cutting(cell, max(columns - width(line) - len(gap), 8))
        space = " " * (wide - width(cell))
        line += gap + (space + cell if place in right else cell + space)
    return line.rstrip()
