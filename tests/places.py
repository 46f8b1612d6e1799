"""The piece of a file that a diagnostic points at."""

from __future__ import annotations

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Place, Span


def span_of(found: Diagnostic) -> Span:
    return in_file(found.place)


def in_file(place: Place) -> Span:
    assert isinstance(place, Span), f"{place} is in no file"
    return place
