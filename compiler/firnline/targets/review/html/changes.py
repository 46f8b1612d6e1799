"""What changes: the strictest as cards with their timelines, the others as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from firnline.rules.diff.items import ReviewItem
from firnline.rules.diff.of_others import whose
from firnline.rules.diff.words import few, subject
from firnline.rules.gates.place import place_of_change
from firnline.targets.review.counted import counted
from firnline.targets.review.findings_lines import file_and_line
from firnline.targets.review.first_run_text import item_radius
from firnline.targets.review.html.template import rendered
from firnline.targets.review.html.timeline import Bar, Timeline, classes_in, timeline, tone_of
from firnline.targets.review.item_words import (
    StepWords,
    example_in_words,
    meaning,
    stories,
    strictest,
)
from firnline.targets.review.model import Review
from firnline.targets.review.room import fitting

_CARDS: Final = 20
_CARD_CHARACTERS: Final = 90_000
_ROWS: Final = 1000
_ROW_CHARACTERS: Final = 95_000


@dataclass(frozen=True, slots=True)
class Side:
    """One of both stories of a change."""

    name: str
    steps: tuple[StepWords, ...]
    bar: Bar | None


def changes(review: Review) -> Markup:
    """Empty where nothing changes."""
    items = review.found.items
    if not items:
        return Markup()
    cards = fitting(
        [_card(review, place) for place in range(len(items[:_CARDS]))], _CARDS, _CARD_CHARACTERS
    )
    left = items[len(cards) :]
    rows = (
        fitting([_row(each, review) for each in left[:_ROWS]], _ROWS, _ROW_CHARACTERS)
        if left
        else []
    )
    drawn = [found for each in items[: len(cards)] if (found := timeline(each.change))]
    return rendered(
        "changes.html",
        names=names(review),
        cards=[Markup(each) for each in cards],
        legend=[(name, tone_of(name)) for name in classes_in(drawn)],
        has_ends=any(bar.ends for each in drawn for bar in (each.before, each.after)),
        rows=[Markup(each) for each in rows],
        more=f"{len(left):,} more: {counted(left)}",
        not_shown=len(left) - len(rows),
    )


def names(review: Review) -> tuple[str, str]:
    """Of both snapshots."""
    if review.base is None:
        return review.one, review.other
    return review.base.branch, "this change"


def _card(review: Review, place: int) -> str:
    item = review.found.items[place]
    drawn = timeline(item.change)
    seen = review.facts.seen[place] if review.facts else None
    return rendered(
        "change.html",
        sign=strictest(item).value,
        meaning=meaning(item),
        retention=whose(item, review.found),
        subject=subject(item.change),
        buckets=few(item.buckets),
        sides=list(_sides(item, drawn)),
        ticks=drawn.ticks if drawn else (),
        radius=item_radius(review, place),
        oldest=seen.oldest.isoformat() if seen else None,
        keys=seen.keys if seen else (),
        example=example_in_words(item),
        digest=item.digest,
        file=file_and_line(place_of_change(item, review.found), review),
    )


def _row(item: ReviewItem, review: Review) -> str:
    before, after = stories(item)
    return rendered(
        "change_row.html",
        sign=strictest(item).value,
        meaning=meaning(item),
        retention=whose(item, review.found),
        subject=subject(item.change),
        before=before,
        after=after,
    )


def _sides(item: ReviewItem, drawn: Timeline | None) -> Iterator[Side]:
    before, after = stories(item)
    yield Side("before", before, drawn.before if drawn else None)
    yield Side("after", after, drawn.after if drawn else None)
