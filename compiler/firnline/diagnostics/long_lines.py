"""A value in a line that is too long to show, such as a plan of one line: by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from firnline.diagnostics.position import Place, Span
from firnline.diagnostics.shortened import shortened

_SHOWN: Final = 160  # a line up to that length is shown, or a part of it
_LONGEST_NAME: Final = 300
_LONGEST_VALUE: Final = 60


@dataclass(frozen=True, slots=True)
class NamedValue:
    """`text` such as `expiration.days = 30`; `start` and `end` are what is to be underlined."""

    text: str
    start: int
    end: int


def is_by_name(place: Place) -> bool:
    """Whether its line says less than its name."""
    return (
        isinstance(place, Span)
        and bool(place.named)
        and len(place.source.line(place.line)) > _SHOWN
    )


def named_value(span: Span) -> NamedValue:
    """A key, and what has parts, by the name alone."""
    text = span.source.text
    name = shortened(span.named, _LONGEST_NAME)
    value = text[span.start : min(span.end, span.start + _LONGEST_VALUE + 1)]
    is_key = text[span.end : span.end + 10].lstrip().startswith(":")
    if is_key or value[:1] in "{[":
        return NamedValue(name, 0, len(name))
    if len(value) > _LONGEST_VALUE:
        value = f"{value[:_LONGEST_VALUE]}…"
    start = len(name) + len(" = ")
    return NamedValue(f"{name} = {value}", start, start + len(value))
