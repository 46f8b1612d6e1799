"""What S3 did while the clock was advanced, and what each bucket held before and holds now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from firnline.s3.simulate.stored import ItemKind, LifecycleAction
from firnline.s3.simulate.tally import Tally, tallied
from firnline.testing.plan_advance import BucketContents, LifecycleEvent


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
    """`before` has the same buckets as `buckets`, in the same order, as they were at `since`.
    `inventories` are the URIs of the manifests that were delivered, in order of time.
    """

    since: datetime
    until: datetime
    events: tuple[LifecycleEvent, ...]  # in order of time
    before: tuple[BucketSummary, ...]
    buckets: tuple[BucketSummary, ...]
    inventories: tuple[str, ...] = ()

    def by_action(self) -> dict[LifecycleAction, Tally]:
        return tallied((each.action, each.bytes) for each in self.events)

    def by_rule(self) -> dict[tuple[str, str], Tally]:
        """By bucket and rule ID; an action that two rules require counts for both."""
        return tallied(
            ((each.bucket, rule), each.bytes) for each in self.events for rule in each.rules
        )


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
