"""The verdict: what the change comes to, and who must approve it, as one alert."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.rules.diff.category import Category
from firnline.targets.review.counted import headline
from firnline.targets.review.findings_lines import about_approvals
from firnline.targets.review.markdown.dialect import Alert, Dialect, alert
from firnline.targets.review.markdown.mentions import mentioned
from firnline.targets.review.markdown_text import code
from firnline.targets.review.model import Review
from firnline.targets.review.verdict import approved_in_words, verdict

_SERIOUS: Final = {
    Category.DELETES_SOONER: Alert.CAUTION,
    Category.NEW_SCOPE: Alert.WARNING,
    Category.ARCHIVES_SOONER: Alert.WARNING,
    Category.KEEPS_LONGER: Alert.NOTE,
    Category.LOST_SCOPE: Alert.NOTE,
    Category.COST_ONLY: Alert.NOTE,
}


def verdict_alert(review: Review, dialect: Dialect) -> str:
    return alert(dialect, _kind(review), " ".join(_sentences(review)))


def _kind(review: Review) -> Alert:
    dooms = review.doomed is not None and review.doomed.is_refused
    if review.open_codes or review.is_refused or dooms:
        return Alert.CAUTION
    found = {_SERIOUS[each] for item in review.found.items for each in item.categories}
    return next((each for each in Alert if each in found), Alert.NOTE)


def _sentences(review: Review) -> Iterator[str]:
    found = review.found
    counts = f"{headline(found)}."
    if said := verdict(review, code):
        yield f"**{said[:1].upper()}{said[1:]}.**"
        yield counts
    else:
        yield f"**{counts}**"
    yield from about_approval(review)


def about_approval(review: Review) -> Iterator[str]:
    if review.is_refused:
        yield "This project does not allow it."
    if review.open_codes:
        by = ", ".join(f"**{each}**" for each in mentioned(review))
        yield f"Needs approval from {by}." if by else "Needs approval from the owner of the data."
    elif any(each.approved for each in review.gates):
        yield approved_in_words(review)
    for kind in about_approvals(review):
        yield f"{kind.title[:1].upper()}{kind.title[1:]} ({code(kind.code)})."
