"""Which objects does a change delete: keys of some, and how old the oldest is?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from firnline.cli.known_buckets import Gathered
from firnline.inventory.forecast.change import Changed
from firnline.inventory.radius.radius import Affected, Radius
from firnline.inventory.radius.seen import Seen
from firnline.rules.diff.items import ReviewItem
from firnline.s3.model import RuleSet
from firnline.s3.simulate.stored import BucketState, StoredItem


@runtime_checkable
class Sampled(Protocol):
    """What is stored in a bucket, where it can be looked up what stands behind a number."""

    def sample(
        self,
        marks: Sequence[StoredItem],
        rule_sets: Sequence[RuleSet],
        state: BucketState,
        at: datetime,
        most: int,
        /,
    ) -> Seen | None:
        """Of what is like one of `marks`, which its `contents` have, under the same rules: at most
        so many keys. Raises `CommandFailed`.
        """


@runtime_checkable
class KeptOpen(Protocol):
    def kept_open(self) -> AbstractContextManager[None]:
        """As long as it may be sampled."""


@dataclass(frozen=True, slots=True)
class Samples:
    """How many keys of an item are told; of `redacted` ones only the prefix of the item."""

    most: int
    redacted: bool


def samples_of(
    found: Radius, items: Sequence[ReviewItem], gathered: Gathered, at: datetime, wanted: Samples
) -> tuple[Seen | None, ...]:
    """Of each item. Raises `CommandFailed`."""
    changed = {bucket.key: (bucket.stored, each) for bucket, each in gathered.buckets}

    def seen(item: ReviewItem, affected: Affected | None) -> Seen | None:
        looked = list(_looked_up(affected, changed, at, wanted.most)) if affected else []
        if not looked:
            return None
        oldest = min(each.oldest for each in looked)
        keys = dict.fromkeys(key for each in looked for key in each.keys)
        told = _redacted(item, keys) if wanted.redacted else keys
        return Seen(oldest, tuple(told)[: wanted.most])

    return tuple(seen(*pair) for pair in zip(items, found.items, strict=True))


def _looked_up(
    affected: Affected,
    changed: Mapping[str, tuple[Sequence[object], Changed]],
    at: datetime,
    most: int,
) -> Iterator[Seen]:
    for bucket in dict.fromkeys(mark.bucket for mark in affected.oldest):
        marks = [mark.item for mark in affected.oldest if mark.bucket == bucket]
        stored, known = changed[bucket]
        rules = known.before.rules, known.after.rules
        for each in stored:
            if isinstance(each, Sampled):
                seen = each.sample(marks, rules, known.after.bucket, at, most)
                yield from [seen] if seen else []


def _redacted(item: ReviewItem, keys: Mapping[str, None]) -> Mapping[str, None]:
    """The longest prefix of the item that a key begins with."""
    prefixes = {prefix for where in item.change.where for prefix in where.prefixes}
    return dict.fromkeys(
        max((each for each in prefixes if key.startswith(each)), key=len, default="") + "…"
        for key in keys
    )
