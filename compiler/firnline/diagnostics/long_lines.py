"""A value in a line that is too long to show, such as a plan of one line: by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from firnline.diagnostics.position import Place, Span

_SHOWN: Final = 160  # a line up to that length is shown, or a part of it
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
    value = text[span.start : span.end]
    is_key = text[span.end : span.end + 10].lstrip().startswith(":")
    if is_key or value[:1] in "{[":
        return NamedValue(span.named, 0, len(span.named))
    if len(value) > _LONGEST_VALUE:
        value = f"{value[:_LONGEST_VALUE]}…"
    start = len(span.named) + len(" = ")
    return NamedValue(f"{span.named} = {value}", start, start + len(value))
