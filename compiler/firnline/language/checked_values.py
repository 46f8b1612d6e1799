"""Values that have the right shape, and may be none all the same: a day, a size."""

from __future__ import annotations

from datetime import date

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.nodes import Node, Text
from firnline.language.said import Said
from firnline.language.shape_kinds import BAD_DATE
from firnline.language.shape_values import bad_size
from firnline.language.units import NotASize, parse_size
from firnline.s3.terms import Bytes


def day_said(text: Node | None, wrong: list[Diagnostic]) -> Said[date] | None:
    """What is no day is added to `wrong`."""
    if not isinstance(text, Text):
        return None
    try:
        return Said(date.fromisoformat(text.value), text.span)
    except ValueError:
        wrong.append(BAD_DATE.at(text.span, f"there is no day `{text.value}`"))
        return None


def size_said(text: Node | None, wrong: list[Diagnostic]) -> Said[Bytes] | None:
    """What is no size is added to `wrong`."""
    if not isinstance(text, Text):
        return None
    try:
        return Said(parse_size(text.value), text.span)
    except NotASize:
        wrong.append(bad_size(text))
        return None
