"""Which stored items does S3 treat alike, and how many objects and bytes are they?"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from operator import attrgetter

from firnline.inventory.forecast.volume import Volume
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import Filter
from firnline.s3.simulate.batch import Batch, BatchStep
from firnline.s3.simulate.clock import DAY, midnight_from
from firnline.s3.simulate.listing import by_key
from firnline.s3.simulate.stored import ItemKind, LifecycleAction, StoredItem


@dataclass(frozen=True, slots=True)
class Stored:
    """Versions, delete markers or uploads that S3 treats alike: `example` is a smallest one of
    them, and `volume` counts all. `in_class_since` is when they came into their storage class. An
    upload's parts are in `volume` alone. Where their tags are not known, `example` has none.
    """

    example: StoredItem
    volume: Volume
    in_class_since: datetime
    tags_known: bool = True


Group = tuple[Stored, ...]
"""The versions of as many keys, the oldest first, since versions of a key act on each other; one
item where it has no others.
"""


def groups(
    batches: Sequence[Batch], items: Sequence[StoredItem], at: datetime, tags_known: bool = True
) -> list[Group]:
    """Items of one bucket, grouped so that each set of rules does the same to all of a group.

    The first of `batches` has the rules that are in force: by them it is known since when an item
    is in its class. Items created after `at` are left out: they are not there yet.
    """
    found: dict[Hashable, list[list[StoredItem]]] = {}
    filters = () if tags_known else _of_tags(batches)
    for places in by_key(batches[0], items):
        versions = [items[place] for place in places if items[place].created <= at]
        if versions:
            sizes = tuple(one.admits_size(item.size) for item in versions for one in filters)
            found.setdefault((_alike(batches, versions), sizes), []).append(versions)
    return [_group(batches[0], keys, at, tags_known) for keys in found.values()]


def _alike(batches: Sequence[Batch], versions: Sequence[StoredItem]) -> Hashable:
    alike = tuple(
        (batch.alike(item), item.size < SMALL_OBJECT) for item in versions for batch in batches
    )
    return id(versions[0]) if any(same is None for same, _ in alike) else alike


def _of_tags(batches: Sequence[Batch]) -> Sequence[Filter]:
    """Filters whose sizes count too. With tags that are not known, those may match that match
    nothing without tags, and then tell apart what was alike.
    """
    rules = [rule for batch in batches for rule in batch.rules.rules]
    return tuple(dict.fromkeys(rule.filter for rule in rules if rule.filter.tags))


def _group(
    live: Batch, keys: Sequence[Sequence[StoredItem]], at: datetime, tags_known: bool
) -> Group:
    return tuple(
        Stored(smallest, _sum(alike), began_in_class(live, smallest, at), tags_known)
        for alike in zip(*keys, strict=True)
        for smallest in (min(alike, key=attrgetter("size")),)
    )


def _sum(items: Iterable[StoredItem]) -> Volume:
    total = Volume()
    for item in items:
        total = total.plus(Volume.of(item.size))
    return total


def began_in_class(live: Batch, item: StoredItem, at: datetime) -> datetime:
    """When the rules in force moved an item into the class that it is in at a moment; its creation
    where no rule of them explains it.
    """
    began = item.created
    if item.storage_class == _FIRST or item.kind is not ItemKind.OBJECT_VERSION:
        return began
    left, today = _FIRST, midnight_from(at)
    current = replace(item, storage_class=_FIRST, tier=None, current=True, noncurrent_since=None)
    until = midnight_from(item.noncurrent_since) if item.noncurrent_since else today
    for step in _moves(live.steps(current, until=until - DAY)):
        began, left = step.at, step.left or left
    if item.noncurrent_since is not None:
        old = replace(item, storage_class=left, tier=None)
        for step in _moves(live.steps(old, until=today - DAY)):
            began, left = step.at, step.left or left
    return began if left == item.storage_class else item.created


def _moves(steps: Iterable[BatchStep]) -> Iterator[BatchStep]:
    """Up to the first that is none."""
    return takewhile(lambda step: step.taken.action is LifecycleAction.TRANSITION, steps)


_FIRST = "STANDARD"
