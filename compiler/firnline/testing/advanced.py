"""What a turn of the clock did, and what it left: counted by action, by rule, by class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from firnline.s3.simulate.stored import ItemKind, LifecycleAction
from firnline.testing.advance import Happened, HeldBucket

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Tally:
    count: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """What lies in a bucket; `classes` counts current objects, `old` what is noncurrent."""

    account: str
    bucket: str
    rules: int  # that are live
    classes: dict[str, Tally]
    old: Tally
    markers: int  # current ones
    uploads: Tally


@dataclass(frozen=True, slots=True)
class Advanced:
    since: datetime
    until: datetime
    happened: tuple[Happened, ...]  # in order of time
    left: tuple[Left, ...]

    def by_action(self) -> dict[LifecycleAction, Tally]:
        return tallied((each.action, each.bytes) for each in self.happened)

    def by_rule(self) -> dict[tuple[str, str], Tally]:
        """By bucket and rule ID; what two rules asked for counts for both."""
        return tallied(
            ((each.bucket, rule), each.bytes) for each in self.happened for rule in each.rules
        )


def tallied(pairs: Iterable[tuple[Key, int]]) -> dict[Key, Tally]:
    """Pairs of what is counted and its bytes."""
    counts: Counter[Key] = Counter()
    sizes: Counter[Key] = Counter()
    for key, size in pairs:
        counts[key] += 1
        sizes[key] += size
    return {key: Tally(count, sizes[key]) for key, count in counts.items()}


def left_in(bucket: HeldBucket) -> Left:
    held = [each for stack in bucket.stacks for each in stack]
    current = [each for each in held if each.item.current]
    old = [each.bytes for each in held if not each.item.current]
    uploads = [each.bytes for each in held if each.item.kind is ItemKind.MULTIPART_UPLOAD]
    return Left(
        bucket.account,
        bucket.name,
        len(bucket.rules.rules),
        tallied(
            (each.item.storage_class, each.bytes)
            for each in current
            if each.item.kind is ItemKind.OBJECT_VERSION
        ),
        Tally(len(old), sum(old)),
        sum(each.item.kind is ItemKind.DELETE_MARKER for each in current),
        Tally(len(uploads), sum(uploads)),
    )
