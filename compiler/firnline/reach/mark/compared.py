"""What changed since the last audit: orphans by reason, owner and experiment, before and now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from firnline.reach.mark.report import BucketAudit, Change, ObjectClass, OrphansOf, Registry, Total

MOST_FEWER = 0.1
"""Of the records of a registry: one that shrinks by more was probably not read whole."""


def orphans_of(buckets: Sequence[BucketAudit]) -> dict[OrphansOf, Total]:
    found: dict[OrphansOf, Total] = defaultdict(Total)
    for bucket in buckets:
        for share in bucket.shares:
            if share.is_ is ObjectClass.ORPHAN:
                of = OrphansOf(bucket.bucket, share.reason, share.owner, share.experiment)
                found[of] = found[of].plus(share.total)
    return dict(found)


def changes(
    before: Mapping[OrphansOf, Total], now: Mapping[OrphansOf, Total]
) -> tuple[Change, ...]:
    """What is new, gone, grown or shrunk, the largest difference in dollars first. What was in a
    bucket that is not audited now does not count.
    """
    buckets = {each.bucket for each in now}
    differing = [
        Change(of, before.get(of, Total()), now.get(of, Total()))
        for of in {**before, **now}
        if of.bucket in buckets and before.get(of, Total())[:2] != now.get(of, Total())[:2]
    ]
    return tuple(
        sorted(
            differing,
            key=lambda each: (-abs(each.now.usd_a_month - each.before.usd_a_month), str(each.of)),
        )
    )


def shrunk(before: Mapping[str, int], now: Sequence[Registry]) -> list[tuple[str, int, int]]:
    """Registries that answer so much less than before that it cannot be trusted: with the numbers
    of records before and now; 0 for one that is not read any more.
    """
    records = {each.name: each.records for each in now}
    return [
        (name, count, records.get(name, 0))
        for name, count in before.items()
        if records.get(name, 0) < count * (1 - MOST_FEWER)
    ]
