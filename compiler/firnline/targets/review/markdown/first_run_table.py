"""What is deleted and moved on the first run, and within all months."""

from __future__ import annotations

from firnline.diagnostics.how_many import how_many
from firnline.targets.between import volume_between
from firnline.targets.review.first_run_rows import Row, first_run_rows
from firnline.targets.review.first_run_text import NO_FACTS
from firnline.targets.review.markdown_text import prose
from firnline.targets.review.model import Facts, Review

_HYPHEN = "&#8209;"  # a date does not wrap at it


def first_run_table(review: Review) -> str:
    """One line where nothing is known of what is stored."""
    facts = review.facts
    if facts is None or not facts.radius.known:
        return f"{NO_FACTS[:1].upper()}{NO_FACTS[1:]}."
    within = f"Within {how_many(facts.months, 'month')}"
    rows = [_row(each) for each in first_run_rows(facts)]
    if not rows:
        return f"{within} nothing that is stored is deleted or moved otherwise."
    head = f"| Because of this change | First run | {within} |\n|:--|--:|--:|"
    return "\n".join([head, *rows, *_oldest(facts)])


def _row(row: Row) -> str:
    bold = "**" if row.deletes else ""
    first, later = map(volume_between, row.volumes)
    return f"| {bold}{prose(row.words)}{bold} | {bold}{first}{bold} | {later} |"


def _oldest(facts: Facts) -> list[str]:
    days = [each.oldest for each in facts.seen if each is not None]
    if not days:
        return []
    oldest = min(days).isoformat().replace("-", _HYPHEN)
    return ["", f"The oldest object that the first run deletes dates from {oldest}."]
