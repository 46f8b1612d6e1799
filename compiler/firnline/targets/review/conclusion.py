"""Does a review conclude the same as an earlier one? Then it has the same digest."""

from __future__ import annotations

from firnline.forge.marker import NO_CHANGE, verdict_of
from firnline.targets.review.doomed_words import digest_of
from firnline.targets.review.model import Review


def conclusion(review: Review) -> str:
    """Of what changes and what is open, not of how much is stored: that differs every day."""
    doomed = digest_of(review.doomed)
    if not (review.found.items or review.open_codes or review.is_refused or doomed):
        return NO_CHANGE
    gates = (
        f"{each.digest} {sorted(set(each.codes) - each.approved)} {each.is_refused}"
        for each in review.gates
    )
    items = (each.digest for each in review.found.items)
    whole = [f"{review.open_codes} {review.is_refused}", *([doomed] if doomed else [])]
    return verdict_of("\n".join([*sorted(items), *sorted(gates), *whole]))
