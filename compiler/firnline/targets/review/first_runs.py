"""What is stored → what gates ask of the first run of each review item."""

from __future__ import annotations

from collections.abc import Mapping

from firnline.rules.diff.items import Comparison
from firnline.rules.gates.gate import FirstRun
from firnline.targets.review.model import Facts


def first_runs(found: Comparison, facts: Facts | None) -> Mapping[str, FirstRun]:
    """By the digest of the item; not of one with a bucket of which nothing is known. The part that
    goes is judged at its worst: as much as may be deleted, of as little as may be stored.
    """
    if facts is None:
        return {}
    runs = {}
    for item, affected in zip(found.items, facts.radius.items, strict=True):
        if affected is not None and set(item.buckets) <= set(affected.known):
            deleted = affected.deleted.bytes
            runs[item.digest] = FirstRun(
                deleted.at_least,
                deleted.at_most,
                affected.scope.bytes.at_least,
                affected.scope.objects.at_most,
            )
    return runs
