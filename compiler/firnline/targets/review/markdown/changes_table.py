"""What changes: a row for each item, the strictest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.rules.diff.category import Category
from firnline.rules.diff.items import ReviewItem
from firnline.rules.diff.of_others import whose
from firnline.rules.diff.words import few, subject
from firnline.rules.gates.place import place_of_change
from firnline.targets.review.counted import counted
from firnline.targets.review.findings_lines import file_and_line
from firnline.targets.review.first_run_text import item_radius
from firnline.targets.review.item_words import meaning, stories, strictest
from firnline.targets.review.markdown.dialect import NEW_LINE, Dialect
from firnline.targets.review.markdown.names import names_in_cells
from firnline.targets.review.markdown_text import code_in_cell, prose
from firnline.targets.review.model import Review
from firnline.targets.review.room import fitting

SHOWN: Final = 20
_CHARACTERS: Final = 20_000
_SIGNS: Final = {
    Category.DELETES_SOONER: "🔴",
    Category.NEW_SCOPE: "🟡",
    Category.ARCHIVES_SOONER: "🟡",
    Category.KEEPS_LONGER: "🟢",
    Category.LOST_SCOPE: "🟢",
    Category.COST_ONLY: "⚪",
}


def changes_table(review: Review, dialect: Dialect) -> str:
    before, after = names_in_cells(review)
    numbered = range(len(review.found.items[:SHOWN]))
    rows = [_row(review, number, NEW_LINE[dialect]) for number in numbered]
    shown = fitting(rows, SHOWN, _CHARACTERS)
    head = f"| | Retention | {before} | {after} | What it means |\n|:-:|:--|:--|:--|:--|"
    return "\n".join([head, *shown, *_more(review.found.items[len(shown) :])])


def _row(review: Review, number: int, new_line: str) -> str:
    item = review.found.items[number]
    sign = _SIGNS[strictest(item)]
    # The first line of them: what comes later is in the table of the first run.
    means = [meaning(item), *item_radius(review, number)[:1]]
    cells = (
        new_line.join(_what(item, review)),
        *_stories(item),
        new_line.join(map(prose, means)),
    )
    return f"| {sign} | {' | '.join(cells)} |"


def _what(item: ReviewItem, review: Review) -> Iterator[str]:
    if by_whom := whose(item, review.found):
        yield code_in_cell(by_whom.replace("`", ""))
    yield prose(subject(item.change))
    yield f"on {prose(few(item.buckets))}"
    if file := file_and_line(place_of_change(item, review.found), review):
        yield code_in_cell(file)


def _stories(item: ReviewItem) -> Iterator[str]:
    """What one story has and the other one has not is bold."""
    for story in stories(item):
        steps = ((_step(each.text), "**" if each.differs else "") for each in story)
        yield ", ".join(f"{bold}{text}{bold}" for text, bold in steps)


def _step(step: str) -> str:
    """`delete 180d` on one line, where a column is narrow."""
    return prose(step).replace(" ", "&nbsp;", 1)


def _more(left: tuple[ReviewItem, ...]) -> Iterator[str]:
    if left:
        yield ""
        yield f"{len(left):,} more not shown ({counted(left)}): `firnline diff --all`"
