"""In which storage class, and at which of its prices, is a stored item from day to day?

Days are counted from the first midnight at which the rules act; earlier ones are negative.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.volume import Volume, merged
from firnline.s3.billing import ARCHIVED_TIERS, MONITORED_FROM, TIERS_WHEN_NOT_READ
from firnline.s3.simulate.batch import BatchStep
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.terms import AccessTier

INTELLIGENT_TIERING = "INTELLIGENT_TIERING"


class Stay(NamedTuple):
    """In one storage class, from `since` until `end`, or for ever. `into` is the class that the
    item is moved into then; it is None where it is deleted.
    """

    storage_class: str
    since: int
    end: int | None = None
    into: str | None = None


class StoredAs(NamedTuple):
    """What decides the price of an object: the class and, inside INTELLIGENT_TIERING, the tier and
    whether it is monitored, for a fee for each object.
    """

    storage_class: str
    tier: AccessTier | None = None
    monitored: bool = False


class Priced(NamedTuple):
    """The days of a stay that have one price."""

    stored_as: StoredAs
    first: int
    end: int | None


def stays(stored: Stored, steps: Sequence[BatchStep], begin: datetime) -> Iterator[Stay]:
    """Of an item to which the steps happen, in their order. Time in a class is counted from the
    midnight after the item came there, as its age is.
    """
    storage_class = stored.example.storage_class
    since = (midnight_from(stored.in_class_since) - begin).days
    for step in steps:
        if step.left == storage_class:
            continue  # a delete marker hides it, where it is
        day = (step.at - begin).days
        yield Stay(storage_class, since, day, step.left)
        if step.left is None:
            return
        storage_class, since = step.left, day
    yield Stay(storage_class, since)


def priced(stay: Stay, stored: Stored) -> Iterator[Priced]:
    """From day 0 on, as if nothing were read: an object in INTELLIGENT_TIERING is moved from tier
    to tier, and is in the tier that the facts state until a later one.
    """
    if stay.storage_class != INTELLIGENT_TIERING:
        first, end = max(stay.since, 0), stay.end
        if end is None or first < end:
            yield Priced(StoredAs(stay.storage_class), first, end)
        return
    begun = list(_tiers(stay, stored))
    for (stored_as, since), (_, until) in zip(begun, [*begun[1:], (None, stay.end)], strict=True):
        ends = [end for end in (until, stay.end) if end is not None]
        first, end = max(since, 0), min(ends, default=None)
        if end is None or first < end:
            yield Priced(stored_as, first, end)


def _tiers(stay: Stay, stored: Stored) -> Iterator[tuple[StoredAs, int]]:
    """Each with the day on which it begins."""
    known = stored.example.tier  # of the first stay: nothing else leads into a tier
    tier = known or AccessTier.FREQUENT
    monitored = stored.example.size >= MONITORED_FROM.value
    yield StoredAs(INTELLIGENT_TIERING, tier, monitored), stay.since
    if not monitored or tier in ARCHIVED_TIERS:
        return
    ages = dict(TIERS_WHEN_NOT_READ)
    since = max(stay.since, -ages[tier]) if known else stay.since
    for later, age in TIERS_WHEN_NOT_READ:
        if age > ages[tier]:
            yield StoredAs(INTELLIGENT_TIERING, later, monitored), since + age


def by_class(volumes: Mapping[StoredAs, Volume]) -> dict[str, Volume]:
    return merged({each.storage_class: volume} for each, volume in volumes.items())
