"""What is deleted and moved on the first run, how old is it, and whose?"""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from firnline.diagnostics.how_many import how_many
from firnline.inventory.forecast.bounded import BoundedVolume
from firnline.targets.between import volume_between
from firnline.targets.review.first_run_rows import first_run_rows
from firnline.targets.review.first_run_text import NO_FACTS
from firnline.targets.review.html.template import rendered
from firnline.targets.review.model import Facts, Review

_MOST_VALUES: Final = 50


def first_run(review: Review) -> Markup:
    """One line where nothing is known of what is stored; empty where nothing changes."""
    if not review.found.items:
        return Markup()
    facts = review.facts
    if facts is None or not facts.radius.known:
        return rendered(
            "unknown.html", title="First run", text=f"{NO_FACTS[:1].upper()}{NO_FACTS[1:]}."
        )
    by_tag = list(facts.radius.total.deleted_by_tag.items()) if facts.by_tag else []
    return rendered(
        "first_run.html",
        within=how_many(facts.months, "month"),
        rows=[
            (each.words, *map(volume_between, each.volumes), each.deletes)
            for each in first_run_rows(facts)
        ],
        oldest=oldest(facts),
        tag=facts.by_tag,
        by_tag=[
            (value, volume_between(volume), _share(volume, by_tag))
            for value, volume in by_tag[:_MOST_VALUES]
        ],
        more_values=len(by_tag[_MOST_VALUES:]),
    )


def oldest(facts: Facts) -> str | None:
    """When the oldest object was created that the first run deletes."""
    days = [each.oldest for each in facts.seen if each is not None]
    return min(days).isoformat() if days else None


def _share(volume: BoundedVolume, among: list[tuple[str | None, BoundedVolume]]) -> str:
    """Of the largest, for a bar."""
    most = max(each.bytes.at_most for _, each in among)
    return f"{100 * volume.bytes.at_most / most:.2f}%" if most else "0%"
