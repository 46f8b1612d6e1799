"""What does one change come to, and in which steps do its stories differ?"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from firnline.diagnostics.visible import visible
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import ReviewItem
from firnline.rules.diff.words import by_days, in_words
from firnline.s3.compare.effect import State
from firnline.s3.compare.witness import Witness
from firnline.s3.compare.witness_words import item_in_words, steps_in_words
from firnline.s3.terms import Clock

_BUCKET: Final = re.compile(r"[a-z0-9*][a-z0-9.*-]*")


class StepWords(NamedTuple):
    """Such as `delete 180d`; `differs` where the other story has no such step."""

    text: str
    differs: bool


def meaning(item: ReviewItem) -> str:
    """`deletes sooner by 162 days (archives sooner)`"""
    by = "" if item.category is Category.ARCHIVES_SOONER else by_days(item.change)
    besides = ", ".join(each.words for each in item.categories if each is not item.category)
    return f"{item.category.words}{by}{f' ({besides})' if besides else ''}"


def strictest(item: ReviewItem) -> Category:
    """What to warn of: a new scope may delete sooner as well."""
    deletes = Category.DELETES_SOONER in item.categories
    return Category.DELETES_SOONER if deletes else item.category


def stories(item: ReviewItem) -> tuple[tuple[StepWords, ...], tuple[StepWords, ...]]:
    """Before and after."""
    old, new = (each.split(", ") for each in in_words(item.change))
    return _marked(old, new), _marked(new, old)


def example_in_words(item: ReviewItem) -> str:
    """What happens to one item, without the steps that both stories share; for a new item its state
    is left out, since its whole story follows. A resource whose bucket is unknown is none.
    """
    witness = item.example
    bucket = item.buckets[0].split("/", 2)[-1]
    place = f"s3://{bucket}/" if _BUCKET.fullmatch(bucket) else ""
    before, after = (
        steps_in_words(tuple(step for step in steps if step not in other))
        for steps, other in ((witness.one, witness.other), (witness.other, witness.one))
    )
    stored = item_in_words(witness, with_state=not _is_new(witness))
    return f"{place}{visible(stored)}: {before} → {after}"


def _marked(ours: list[str], theirs: list[str]) -> tuple[StepWords, ...]:
    return tuple(StepWords(each, each not in theirs) for each in ours)


def _is_new(witness: Witness) -> bool:
    return witness.state == State(Clock.OBJECTS) and not witness.item.legal_hold
