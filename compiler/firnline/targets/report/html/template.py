"""Templates of a report, and a table of cells, filled with values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from firnline.targets.charts.style import style as chart_style
from firnline.targets.html import template
from firnline.targets.html.template import file_of

_PACKAGE: Final = "firnline.targets.report.html"


@dataclass(frozen=True, slots=True)
class Cell:
    """`sort` is the number by which its column is sorted, if it has one; `under` stands in a line
    below the text. `is_key`: shown as code.
    """

    text: str
    sort: float | int | None = None
    under: str = ""
    is_key: bool = False


def rendered(name: str, /, **values: object) -> Markup:
    """`name`: of a file beside this module."""
    return template.rendered(name, _PACKAGE, **values)


def table(
    heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, sorts: bool = True, numbers: int = 1
) -> Markup:
    """The columns from `numbers` on are of numbers."""
    return rendered("table.html", heads=heads, rows=rows, sorts=sorts, numbers=numbers)


def section(name: str, title: str, *parts: Markup, say: Sequence[str] = ()) -> Markup:
    """`say` are sentences before its parts."""
    return rendered("section.html", name=name, title=title, parts=parts, say=say)


def charts(*drawn: tuple[str, str]) -> Markup:
    """Captions and charts, beside each other where there is room."""
    return rendered("charts.html", charts=[(caption, Markup(each)) for caption, each in drawn])


def sideways(label: str, table: Markup) -> Markup:
    """Where a screen is too narrow for the columns of a table, it alone is moved."""
    return rendered("sideways.html", label=label, table=table)


def folded(summary: str, *parts: Markup) -> Markup:
    return rendered("folded.html", summary=summary, parts=parts)


def style() -> Markup:
    """What a report needs besides the style of every page."""
    return file_of(_PACKAGE, "report.css") + Markup(chart_style())
