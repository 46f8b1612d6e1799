"""Both stories of each change as bars over one scale of days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.shortened import shortened
from firnline.diagnostics.visible import visible
from firnline.rules.diff.changes import Change
from firnline.rules.diff.words import subject
from firnline.targets.change_bars import LAST, bars, last_day, legend_of
from firnline.targets.legend import fitted
from firnline.targets.review.markdown.names import short_names
from firnline.targets.review.model import Review

_MOST: Final = 8
_COLUMNS: Final = 40  # what a phone shows without scrolling
_LONGEST: Final = 60


def chart(review: Review) -> str:
    """Of the strictest changes that have a scale; empty where none has."""
    drawn = [item.change for item in review.found.items if bars(item.change)][:_MOST]
    if not drawn:
        return ""
    names = short_names(review)
    lines = [line for change in drawn for line in (*_drawn(change, names), "")]
    return _fenced("\n".join([*lines, *fitted(legend_of(drawn), _COLUMNS)]))


def _drawn(change: Change, names: tuple[str, str]) -> Iterator[str]:
    found, last = bars(change), last_day(change)
    assert found is not None
    assert last is not None
    yield shortened(visible(change.retention or subject(change)), _LONGEST)
    beside = max(map(len, names)) + 2
    yield f"{' ' * beside}0d{f'{last}d':>{LAST - 1}}"
    for name, bar in zip(names, found, strict=True):
        yield f" {name}".ljust(beside) + bar


def _fenced(text: str) -> str:
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text) or [""]))
    return f"{fence}text\n{text}\n{fence}"
