"""Rows of cells → lines with aligned columns, as wide as a screen."""

from __future__ import annotations

from collections.abc import Container, Sequence

from firnline.diagnostics.visible import width

GAP = "  "


def aligned(
    rows: Sequence[Sequence[str]], columns: int, *, right: Container[int] = ()
) -> list[str]:
    """`right` are the columns whose cells are aligned on their right. The last column takes what is
    left of the width, and is cut where it is too long. A row of one cell is a title.
    """
    tabular = [row for row in rows if len(row) > 1]
    widths = [max(width(cell) for cell in cells) for cells in zip(*tabular, strict=True)]
    return [
        _line(row, widths, columns, right) if len(row) > 1 else cut(row[0], columns) for row in rows
    ]


def cut(text: str, columns: int) -> str:
    """At most so many cells wide; an ellipsis stands for what is left out."""
    if width(text) <= columns:
        return text
    while text and width(text) >= columns:
        text = text[:-1]
    return f"{text}…"


def _line(row: Sequence[str], widths: Sequence[int], columns: int, right: Container[int]) -> str:
    line = ""
    for place, (cell, wide) in enumerate(zip(row, widths, strict=True)):
        gap = GAP if place else ""
        if place == len(row) - 1:
            cell = cut(cell, max(columns - width(line) - len(gap), 8))
        space = " " * (wide - width(cell))
        line += gap + (space + cell if place in right else cell + space)
    return line.rstrip()
