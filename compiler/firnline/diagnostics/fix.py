"""How can a machine fix the cause of a diagnostic? As edits of the text, leaving the rest alone."""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from firnline.diagnostics.position import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` replaces the characters of `span`; where that is empty, it is inserted."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits of one file, made together or not at all.

    A `safe` one only corrects the spelling. Any other chooses a meaning, and a person must review
    it.
    """

    edits: tuple[Edit, ...]
    safe: bool


_Place = tuple[int, int, str]  # start and end in the old text, and the new text


def apply(text: str, fixes: Iterable[Fix]) -> tuple[str, tuple[Fix, ...]]:
    """The text with the fixes made, and those left out because they overlap an earlier one.

    All places are those of `text`. A repeated fix is made once.
    """
    made: list[_Place] = []
    skipped = []
    for fix in sorted(dict.fromkeys(fixes), key=lambda each: min(_places(each))):
        places = _places(fix)
        if any(_overlaps(made, place) for place in places):
            skipped.append(fix)
            continue
        for place in places:
            insort(made, place)
    return _edited(text, made), tuple(skipped)


def _places(fix: Fix) -> list[_Place]:
    return [(edit.span.start, edit.span.end, edit.text) for edit in fix.edits]


def _overlaps(made: Sequence[_Place], place: _Place) -> bool:
    """Whether a place shares a character with one in the list, or inserts text at it. Places in the
    list do not overlap, so only the two neighbours can.
    """
    start, end, _ = place
    index = bisect(made, place)
    for known_start, known_end, _ in made[max(0, index - 1) : index + 1]:
        if start < known_end and known_start < end:
            return True
        if start == end == known_start == known_end:
            return True
    return False


def _edited(text: str, made: Sequence[_Place]) -> str:
    parts = []
    behind = 0
    for start, end, new in made:
        parts += [text[behind:start], new]
        behind = end
    return "".join([*parts, text[behind:]])
