"""What happens to one stored item, with dates: the reference, run from midnight to midnight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import assert_never

from firnline.s3.model import RuleSet
from firnline.s3.simulate.action_due import ActionDue, best, candidates, is_due
from firnline.s3.simulate.clock import DAY, midnight_from
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import Versioning


@dataclass(frozen=True, slots=True)
class Event:
    """What happens to an item, and when; `action_due.due` may be earlier. `item` is its state
    afterwards, None where it is gone.
    """

    at: datetime
    action_due: ActionDue
    item: StoredItem | None


History = tuple[Event, ...]
_LAST = datetime.max.replace(tzinfo=UTC) - DAY
"""After it no midnight can be represented."""


def history(
    rules: RuleSet,
    bucket: BucketState,
    item: StoredItem,
    since: datetime | None = None,
    until: datetime | None = None,
) -> History:
    """All that S3 does with an item from a moment on (by default its creation), if nothing else
    changes it: one action a day, each at a midnight (S3 User Guide, "Expiring objects").

    A version that gets a delete marker goes on as a noncurrent one; the marker is an item of its
    own. Bounded: each transition lowers the class, and everything else ends it or its being
    current.
    """
    events: list[Event] = []
    now = midnight_from(max(since or item.created, item.created))
    left: StoredItem | None = item
    while left is not None:
        event = _next(rules, bucket, left, now, until)
        if event is None:
            break
        events.append(event)
        if event.at > _LAST:
            break
        left, now = event.item, event.at + DAY
    return tuple(events)


def after(
    bucket: BucketState,
    item: StoredItem,
    action: LifecycleAction,
    storage_class: str | None,
    at: datetime,
) -> StoredItem | None:
    """The item after an action; None where nothing is left of it."""
    match action:
        case LifecycleAction.NONE:
            return item
        case LifecycleAction.TRANSITION:
            assert storage_class is not None
            return replace(item, storage_class=storage_class, tier=None)
        case LifecycleAction.DELETE_MARKER:
            if bucket.versioning is Versioning.SUSPENDED and item.null_version:
                return None  # the marker is the null version now and has replaced this one
            return replace(item, current=False, noncurrent_since=at, newer_noncurrent=0)
        case (
            LifecycleAction.EXPIRE
            | LifecycleAction.DELETE_VERSION
            | LifecycleAction.REMOVE_DELETE_MARKER
            | LifecycleAction.ABORT_UPLOAD
        ):
            return None
        case _:
            assert_never(action)


def marker_left_by(bucket: BucketState, item: StoredItem, at: datetime, hidden: int) -> StoredItem:
    """The delete marker that S3 puts over a version at a moment."""
    null = bucket.versioning is Versioning.SUSPENDED
    return StoredItem(item.key, at, kind=ItemKind.DELETE_MARKER, null_version=null, hidden=hidden)


def _next(
    rules: RuleSet, bucket: BucketState, item: StoredItem, now: datetime, until: datetime | None
) -> Event | None:
    if until is not None and now > until:
        return None
    for moment in _moments(rules, bucket, item, now):
        if until is not None and moment > until:
            return None
        found = list(candidates(rules, bucket, item, moment))
        due = best(each for each in found if is_due(each, moment))
        if due.action is not LifecycleAction.NONE:
            return Event(moment, due, after(bucket, item, due.action, due.storage_class, moment))
    return None


def _moments(
    rules: RuleSet, bucket: BucketState, item: StoredItem, now: datetime
) -> list[datetime]:
    """The midnights from now on at which something new may fall due."""
    unlocked = replace(item, retain_until=None)
    later = {each.due for each in candidates(rules, bucket, unlocked, now) if each.due is not None}
    if item.retain_until is not None:
        later.add(midnight_from(item.retain_until))
    return sorted({now} | {midnight_from(moment) for moment in later if moment > now})
