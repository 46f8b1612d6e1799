"""What changes, in a few lines for each item: for the output of another program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.rules.diff.items import Comparison, ReviewItem
from firnline.rules.diff.of_others import whose
from firnline.rules.diff.words import by_days, few, in_words, subject
from firnline.targets.review.counted import counted, headline
from firnline.targets.review.item_words import example_in_words

SHOWN: Final = 10
_COLUMNS: Final = 96  # Pulumi indents a program's output by four
_INDENT: Final = "    "


def in_short(found: Comparison) -> str:
    """The strictest ten items, by buckets."""
    if not found.items:
        on = how_many(found.buckets, "bucket")
        return f"no change: what happens to objects stays the same on {on}\n"
    lines = _wrapped(headline(found), "")
    by_buckets: dict[tuple[str, ...], list[ReviewItem]] = {}
    for item in found.items[:SHOWN]:
        by_buckets.setdefault(item.buckets, []).append(item)
    for buckets, items in by_buckets.items():
        lines += _wrapped(f"on {names(buckets)}:", "")
        for item in items:
            lines += _item(item, found)
    if left := found.items[SHOWN:]:
        lines += _wrapped(f"and {counted(left)} (the others are in `firnline diff`)", "")
    return "\n".join(lines) + "\n"


def names(keys: Sequence[str]) -> str:
    """Of buckets, by their keys: the first few."""
    return few([key.split("/", 2)[-1] for key in keys])


def _item(item: ReviewItem, found: Comparison) -> Iterator[str]:
    change = item.change
    besides = [each.words for each in item.categories if each is not item.category]
    also = f" ({', '.join(besides)})" if besides else ""
    by_whom = visible(whose(item, found))
    owner = f"{by_whom}, " if by_whom else ""
    sign = f"{item.category.words}{by_days(change)}{also}"
    yield from _wrapped(f"{sign}: {owner}{subject(change)}", "  ")
    yield from _wrapped(" → ".join(in_words(change)), _INDENT)
    yield from _wrapped(f"example {example_in_words(item)}", _INDENT)


def _wrapped(text: str, indent: str) -> list[str]:
    first, *more = wrapped(text, _COLUMNS - len(indent))
    return [indent + first, *(f"{indent}  {line}" for line in more)]
