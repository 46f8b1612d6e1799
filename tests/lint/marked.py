"""Lifecycle files in which «» marks what should be pointed at."""

from __future__ import annotations

from firnline.diagnostics.kinds import Diagnostic
from firnline.lint import NOTHING_SAID, Circumstances
from firnline.lint.check import check_lifecycle_file
from tests.places import span_of


def unmarked(text: str) -> str:
    return text.replace("«", "").replace("»", "")


def place_of_mark(text: str) -> tuple[int, int]:
    """Line and column, both from 1."""
    before = text[: text.index("«")]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def marked_text(text: str) -> str:
    return text[text.index("«") + 1 : text.index("»")]


def found_in(
    text: str, said: Circumstances = NOTHING_SAID, path: str = "rules.json"
) -> tuple[Diagnostic, ...]:
    return check_lifecycle_file(unmarked(text).encode(), path, said)


def places(found: tuple[Diagnostic, ...], code: str) -> list[tuple[tuple[int, int], str]]:
    """Of each diagnostic of that code: where it points, and at which text."""
    spans = [span_of(each) for each in found if each.kind.code == code]
    return [((span.line, span.column), span.source.text[span.start : span.end]) for span in spans]
