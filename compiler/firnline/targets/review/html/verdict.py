"""The verdict: may it be merged, what does it come to, and who must approve it?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from markupsafe import Markup

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Kind
from firnline.inventory.forecast.forecast import Forecast
from firnline.targets.between import bytes_between, count_between, dollars_between
from firnline.targets.review.counted import headline
from firnline.targets.review.findings_lines import about_approvals
from firnline.targets.review.html.first_run import oldest
from firnline.targets.review.html.template import rendered
from firnline.targets.review.model import Review
from firnline.targets.review.verdict import approved_in_words, brings_approvals, verdict


class ApprovalState(Enum):
    """How a change stands with its gates; the value is how the page is painted."""

    REFUSED = "refused"
    OPEN = "open"
    PENDING = "pending"
    APPROVED = "approved"
    FREE = "free"
    UNCHANGED = "unchanged"


_SAID: Final = {
    ApprovalState.REFUSED: "Not allowed by this project",
    ApprovalState.OPEN: "Needs approval",
    ApprovalState.PENDING: "Approved once it is reviewed",
    ApprovalState.APPROVED: "Approved",
    ApprovalState.FREE: "Needs no approval",
    ApprovalState.UNCHANGED: "No change",
}


_BY_APPROVAL: Final = (ApprovalState.PENDING, ApprovalState.APPROVED)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that stands out, what it is, and what else is to be said of it."""

    name: str
    value: str
    more: str = ""


def verdict_section(review: Review) -> Markup:
    standing = standing_of(review)
    found = review.found
    counts = f"{headline(found)}." if found.items else ""
    said = verdict(review, lambda name: name)
    first = f"{said[:1].upper()}{said[1:]}." if said else counts
    if not found.items:
        on = how_many(found.buckets, "bucket")
        first = f"What happens to objects stays the same on {on}."
    owners = review.reviewed.owners if review.reviewed else ()
    return rendered(
        "verdict.html",
        standing=standing.value,
        said=_SAID[standing],
        owners=owners if standing is ApprovalState.OPEN else (),
        headline=first,
        counts=counts if said else "",
        approved=approved_in_words(review) if standing in _BY_APPROVAL else None,
        about_approvals=[_sentence(each) for each in about_approvals(review)],
        figures=_figures(review),
    )


def standing_of(review: Review) -> ApprovalState:
    if review.is_refused:
        return ApprovalState.REFUSED
    if review.open_codes:
        return ApprovalState.OPEN
    if not review.found.items:
        return ApprovalState.UNCHANGED
    if not any(each.approved for each in review.gates):
        return ApprovalState.FREE
    return ApprovalState.PENDING if brings_approvals(review) else ApprovalState.APPROVED


def _sentence(kind: Kind) -> tuple[str, str]:
    return f"{kind.title[:1].upper()}{kind.title[1:]}", kind.code


def _figures(review: Review) -> list[Figure]:
    facts = review.facts
    if facts is None or not facts.radius.known or not review.found.items:
        return []
    deleted = facts.radius.total.deleted
    found = [
        Figure(
            "deleted on the first run",
            bytes_between(deleted.bytes),
            count_between(deleted.objects, "object"),
        )
    ]
    if day := oldest(facts):
        found.append(Figure("the oldest of them", day))
    if isinstance(facts.cost, Forecast):
        change = facts.cost.change
        before, after = (
            dollars_between(side.costs[-1].total) for side in (change.before, change.after)
        )
        found.append(Figure(f"in month {len(change.saved)}", f"{before} → {after}"))
        saved = dollars_between(change.saved_so_far[-1])
        found.append(Figure(f"saved within {how_many(facts.months, 'month')}", saved))
    return found
