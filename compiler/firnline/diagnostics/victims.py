"""One typo in many places → drawn once, with a list of the places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Place, Span, path_of

MOST_DRAWN = 3
_LISTED = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """A diagnostic to draw, and how many it represents."""

    diagnostic: Diagnostic
    stands_for: int


def gathered(found: Sequence[Diagnostic]) -> tuple[Drawn, ...]:
    """Of more than three equal diagnostics about the same word only the first, with a note that
    lists the places of the others.
    """
    same: dict[Any, list[Diagnostic]] = {}
    for nth, diagnostic in enumerate(found):
        same.setdefault(_typo(diagnostic) or nth, []).append(diagnostic)
    drawn = []
    for nth, diagnostic in enumerate(found):
        group = same[_typo(diagnostic) or nth]
        if len(group) <= MOST_DRAWN:
            drawn.append(Drawn(diagnostic, 1))
        elif diagnostic is group[0]:
            notes = (*diagnostic.notes, _elsewhere(group[1:]))
            drawn.append(Drawn(replace(diagnostic, notes=notes), len(group)))
    return tuple(drawn)


def _typo(diagnostic: Diagnostic) -> Any:
    """A key that all occurrences of one typo share; None where more than a word is wrong."""
    word = _text_at(diagnostic.place).strip("\"'")
    if not word or not diagnostic.kind.is_spelling or diagnostic.also:
        return None
    kind, level = diagnostic.kind.code, diagnostic.severity
    return kind, level, word, diagnostic.message, diagnostic.notes, diagnostic.help


def _text_at(place: Place) -> str:
    return place.source.text[place.start : place.end] if isinstance(place, Span) else ""


def _elsewhere(others: Sequence[Diagnostic]) -> str:
    places: list[str] = []
    path = None
    for other in others[:_LISTED]:
        place = other.place
        if isinstance(place, Span) and place.path == path:
            places.append(f"{place.line}:{place.column}")
        else:
            places.append(str(place))
        path = path_of(place)
    more = f", and {len(others) - _LISTED:,} more" if len(others) > _LISTED else ""
    return f"the same in {len(others):,} other places: {', '.join(places)}{more}"
