"""A drawing → SVG that is a part of a page: the same bytes whenever and wherever it is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from firnline.diagnostics.shortened import shortened
from firnline.diagnostics.visible import visible
from firnline.targets.charts.drawing import WIDTH, Drawing, Mark, Words
from firnline.targets.charts.figure import NUMBERED, drawn

_LONGEST: Final = 200
_SVG: Final = "{http://www.w3.org/2000/svg}"
_POINT: Final = re.compile(r"([ML]) ([-\d.]+) ([-\d.]+)|z")


def to_svg(drawing: Drawing) -> str:
    says = drawing.says
    name = says.name
    parts = "".join(_parts(drawing))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img"'
        f' viewBox="0 0 {WIDTH} {_number(drawing.height)}"'
        f' aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{_words(says.title)}</title>'
        f'<desc id="{name}-desc">{escape(visible(says.description))}</desc>'
        f"{parts}</svg>"
    )


def _parts(drawing: Drawing) -> Iterator[str]:
    marks = drawing.all_marks()
    for group in ElementTree.fromstring(drawn(drawing)).iter(f"{_SVG}g"):
        number = group.get("id", "").removeprefix(NUMBERED)
        if not number.isdigit():
            continue
        mark = marks[int(number)]
        for each in group:
            if each.tag == f"{_SVG}text" and isinstance(mark.shape, Words):
                yield _text(mark, mark.shape.text, each)
            elif each.tag == f"{_SVG}path":
                yield _path(mark, each)


def _text(mark: Mark, words: str, shape: ElementTree.Element) -> str:
    place = f'x="{_number(shape.get("x", ""))}" y="{_number(shape.get("y", ""))}"'
    tooltip = _tooltip(mark)
    return f"<text{_classes(mark.classes)} {place}>{_words(words)}{tooltip}</text>"


def _path(mark: Mark, shape: ElementTree.Element) -> str:
    start = f'<path{_classes(mark.classes)} d="{"".join(_steps(shape.get("d", "")))}"'
    return f"{start}>{_tooltip(mark)}</path>" if mark.tooltip else f"{start}/>"


def _tooltip(mark: Mark) -> str:
    return f"<title>{_words(mark.tooltip)}</title>" if mark.tooltip else ""


def _steps(path: str) -> Iterator[str]:
    """The same path in fewer letters."""
    last = ("", "")
    for step in _POINT.finditer(path):
        if step.group() == "z":
            yield "z"
            continue
        here = _number(step.group(2)), _number(step.group(3))
        if step.group(1) == "M":
            yield f"M{here[0]} {here[1]}"
        elif here[1] == last[1]:
            yield f"H{here[0]}"
        elif here[0] == last[0]:
            yield f"V{here[1]}"
        else:
            yield f"L{here[0]} {here[1]}"
        last = here


def _classes(classes: str) -> str:
    return f' class="{classes}"' if classes else ""


def _words(words: str) -> str:
    return escape(visible(shortened(words, _LONGEST)))


def _number(number: str | float) -> str:
    return f"{float(number):.1f}".removesuffix(".0").replace("-0.0", "0")
