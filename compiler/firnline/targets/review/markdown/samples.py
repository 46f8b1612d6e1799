"""Which objects go first, and whose are they?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.rules.diff.words import subject
from firnline.targets.between import volume_between
from firnline.targets.review.markdown.dialect import NEW_LINE, Dialect, folded
from firnline.targets.review.markdown_text import code_in_cell, prose
from firnline.targets.review.model import Facts, Review
from firnline.targets.review.room import fitting

_MOST: Final = 20
_CHARACTERS: Final = 10_000
_HYPHEN: Final = "&#8209;"


def samples(review: Review, dialect: Dialect) -> str:
    """Keys of the oldest objects, or their prefixes; empty where nothing tells of them."""
    facts = review.facts
    if facts is None or not any(each and each.keys for each in facts.seen):
        return ""
    rows = list(_rows(review, facts, NEW_LINE[dialect]))
    head = "| Retention | Deleted on the first run | Oldest | Sample keys |\n|:--|--:|:--|:--|"
    return folded(dialect, "What goes first: sample keys", _table(head, rows))


def owners(review: Review, dialect: Dialect) -> str:
    """What the first run deletes by the values of a tag, if one was named."""
    facts = review.facts
    if facts is None or facts.by_tag is None or not facts.radius.total.deleted_by_tag:
        return ""
    rows = [
        f"| {'*none that is known*' if value is None else code_in_cell(value)}"
        f" | {volume_between(volume)} |"
        for value, volume in facts.radius.total.deleted_by_tag.items()
    ]
    head = f"| {code_in_cell(facts.by_tag)} | Deleted on the first run |\n|:--|--:|"
    return folded(dialect, "Who: what goes first, by a tag", _table(head, rows))


def _rows(review: Review, facts: Facts, new_line: str) -> Iterator[str]:
    for item, radius, seen in zip(review.found.items, facts.radius.items, facts.seen, strict=True):
        if radius is None or seen is None:
            continue
        name = item.change.retention
        cells = (
            code_in_cell(name) if name else prose(subject(item.change)),
            volume_between(radius.deleted),
            seen.oldest.isoformat().replace("-", _HYPHEN),
            new_line.join(map(code_in_cell, seen.keys)),
        )
        yield f"| {' | '.join(cells)} |"


def _table(head: str, rows: list[str]) -> str:
    shown = fitting(rows, _MOST, _CHARACTERS)
    left = len(rows) - len(shown)
    more = ["", f"{left:,} more not shown: `firnline diff`"] if left else []
    return "\n".join([head, *shown, *more])
