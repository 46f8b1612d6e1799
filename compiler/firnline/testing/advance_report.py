"""What S3 did while the clock was advanced, and what each bucket holds now: counts and bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from firnline.s3.simulate.stored import ItemKind, LifecycleAction
from firnline.testing.plan_advance import BucketContents, LifecycleEvent

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Tally:
    count: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class BucketSummary:
    """`classes` counts current objects by storage class, `noncurrent` all noncurrent versions."""

    account: str
    bucket: str
    rules: int  # that are live
    classes: dict[str, Tally]
    noncurrent: Tally
    delete_markers: int  # current ones
    uploads: Tally


@dataclass(frozen=True, slots=True)
class AdvanceReport:
    since: datetime
    until: datetime
    events: tuple[LifecycleEvent, ...]  # in order of time
    buckets: tuple[BucketSummary, ...]

    def by_action(self) -> dict[LifecycleAction, Tally]:
        return tallied((each.action, each.bytes) for each in self.events)

    def by_rule(self) -> dict[tuple[str, str], Tally]:
        """By bucket and rule ID; an action that two rules require counts for both."""
        return tallied(
            ((each.bucket, rule), each.bytes) for each in self.events for rule in each.rules
        )


def tallied(pairs: Iterable[tuple[Key, int]]) -> dict[Key, Tally]:
    """Pairs of what is counted and its bytes."""
    counts: Counter[Key] = Counter()
    sizes: Counter[Key] = Counter()
    for key, size in pairs:
        counts[key] += 1
        sizes[key] += size
    return {key: Tally(count, sizes[key]) for key, count in counts.items()}


def summarize(bucket: BucketContents) -> BucketSummary:
    items = [each for versions in bucket.keys for each in versions]
    current = [each for each in items if each.item.current]
    noncurrent = [each.bytes for each in items if not each.item.current]
    uploads = [each.bytes for each in items if each.item.kind is ItemKind.MULTIPART_UPLOAD]
    return BucketSummary(
        account=bucket.account,
        bucket=bucket.name,
        rules=len(bucket.rules.rules),
        classes=tallied(
            (each.item.storage_class, each.bytes)
            for each in current
            if each.item.kind is ItemKind.OBJECT_VERSION
        ),
        noncurrent=Tally(len(noncurrent), sum(noncurrent)),
        delete_markers=sum(each.item.kind is ItemKind.DELETE_MARKER for each in current),
        uploads=Tally(len(uploads), sum(uploads)),
    )
