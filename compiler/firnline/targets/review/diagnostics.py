"""A review → what is to be shown beside the lines of its files."""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Severity, by_place
from firnline.diagnostics.repository import Repository
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import ReviewItem
from firnline.rules.diff.words import few, in_words, subject
from firnline.rules.gates.deletes_sooner import DELETES_SOONER
from firnline.rules.gates.gate import GatedItem
from firnline.rules.gates.place import place_of_change
from firnline.rules.gates.report import gate_diagnostics
from firnline.targets.review.model import Review

_NOWHERE = Repository("/", "/", "firnline.toml")


def diagnostics(review: Review) -> tuple[Diagnostic, ...]:
    """Each gate that is open, each change that deletes sooner and has none, and what else is
    new.
    """
    gates = gate_diagnostics(review.gates, review.found)
    return by_place([*gates, *_not_gated(review), *review.findings.new])


def gates_of(item: ReviewItem, review: Review) -> list[GatedItem]:
    """Those that the change is a part of, whether they are open or not."""
    return [each for each in review.gates if any(one is item.change for one in each.changes)]


def repository_of(review: Review) -> Repository:
    return review.repository or _NOWHERE


def _not_gated(review: Review) -> Iterator[Diagnostic]:
    """Approved, or no gate in this project: what is deleted sooner is shown all the same."""
    for item in review.found.items:
        gates = gates_of(item, review)
        if Category.DELETES_SOONER not in item.categories or any(
            each.is_open or each.is_refused for each in gates
        ):
            continue
        old, new = in_words(item.change)
        approved = sorted({code for each in gates for code in each.approved})
        yield DELETES_SOONER.at(
            place_of_change(item, review.found),
            f"{subject(item.change)}: {old} before, {new} after",
            notes=(
                f"approved: {', '.join(approved)}" if approved else "no approval is needed here",
                f"on {few(item.buckets)}; item {item.digest}",
            ),
            remedy=(),
            severity=Severity.NOTE,
        )
