"""Which lifecycle actions will S3 take in these buckets, midnight by midnight? Pure.

Versions of one key affect each other (`simulate.versions`); those of different keys never do.
`run_advance` carries the plan out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.simulate.versions import VersionEvent, version_events
from firnline.s3.terms import Versioning

NULL = "null"


@dataclass(frozen=True, slots=True)
class IdentifiedItem:
    """A version, a delete marker or an upload, with its ID in S3."""

    id: str
    item: StoredItem
    bytes: int = 0  # stored bytes, those of the parts of an upload too


KeyVersions = tuple[IdentifiedItem, ...]
"""The versions of a key, the oldest first; or one upload."""


@dataclass(frozen=True, slots=True)
class BucketContents:
    account: str
    name: str
    state: BucketState
    rules: RuleSet
    keys: tuple[KeyVersions, ...]


@dataclass(frozen=True, slots=True)
class LifecycleEvent:
    """One lifecycle action, taken or planned."""

    at: datetime
    account: str
    bucket: str
    key: str
    id: str  # of the version or the upload
    kind: ItemKind
    action: LifecycleAction
    due: datetime
    bytes: int  # of the version or the upload
    freed: int  # bytes that it deletes permanently
    rules: tuple[str, ...]  # the IDs of those that require it
    storage_class: str | None = None  # the target of a transition
    marker: str | None = None  # the ID of the delete marker that it creates


def plan_advance(
    buckets: Iterable[BucketContents], since: datetime, until: datetime
) -> tuple[LifecycleEvent, ...]:
    """The actions of every midnight after `since`, up to and including `until`, by time."""
    first = midnight_from(since + timedelta(microseconds=1))
    planned = [
        each
        for bucket in buckets
        if bucket.rules.rules
        for each in _in_bucket(bucket, first, until)
    ]
    return tuple(sorted(planned, key=lambda each: (each.at, each.account, each.bucket, each.key)))


def key_versions(versions: Iterable[IdentifiedItem]) -> KeyVersions:
    """The versions of a key, the oldest first, each with its position among them."""
    ordered = tuple(versions)
    newest = len(ordered) - 1
    return tuple(
        replace(each, item=_positioned(each.item, position, newest, ordered))
        for position, each in enumerate(ordered)
    )


def _positioned(item: StoredItem, position: int, newest: int, versions: KeyVersions) -> StoredItem:
    if position == newest:
        hidden = newest if item.kind is ItemKind.DELETE_MARKER else 0
        return replace(item, current=True, noncurrent_since=None, newer_noncurrent=0, hidden=hidden)
    return replace(
        item,
        current=False,
        # S3 User Guide, lifecycle elements: the day on which the successor was created. That is the
        # version above it now, whatever was between them: a list of versions shows no more.
        noncurrent_since=versions[position + 1].item.created,
        newer_noncurrent=newest - 1 - position,
        hidden=0,
    )


class _Stored(NamedTuple):
    id: str
    bytes: int


def _in_bucket(
    bucket: BucketContents, first: datetime, until: datetime
) -> Iterator[LifecycleEvent]:
    batch = Batch(bucket.rules, bucket.state)
    for versions in bucket.keys:
        known = {number: _Stored(each.id, each.bytes) for number, each in enumerate(versions)}
        simulated = version_events(batch, [each.item for each in versions], first, until)
        for _, midnight in groupby(simulated, key=lambda event: event.step.at):
            events = tuple(midnight)
            known |= {
                each.marker: _Stored(_marker_id(bucket, each, known[each.number].id), bytes=0)
                for each in events
                if each.marker is not None
            }
            yield from [_event(bucket, each, known, events) for each in events]


def _event(
    bucket: BucketContents,
    event: VersionEvent,
    known: Mapping[int, _Stored],
    midnight: Sequence[VersionEvent],
) -> LifecycleEvent:
    """`known`: by number, with the delete markers of this midnight."""
    id, bytes = known[event.number]
    taken = event.step.taken
    assert taken.due is not None
    return LifecycleEvent(
        at=event.step.at,
        account=bucket.account,
        bucket=bucket.name,
        key=event.before.key,
        id=id,
        kind=event.before.kind,
        action=taken.action,
        due=taken.due,
        bytes=bytes,
        freed=_freed(event, known, midnight),
        rules=tuple(dict.fromkeys(rule.id for rule in taken.rules)),
        storage_class=taken.storage_class,
        marker=None if event.marker is None else known[event.marker].id,
    )


def _freed(
    event: VersionEvent, known: Mapping[int, _Stored], midnight: Sequence[VersionEvent]
) -> int:
    if event.step.taken.action.destroys:
        return known[event.number].bytes
    destroyed = {each.number for each in midnight if each.step.taken.action.destroys}
    if event.replaced is None or event.replaced in destroyed:
        return 0
    return known[event.replaced].bytes


def _marker_id(bucket: BucketContents, event: VersionEvent, id: str) -> str:
    """As long as S3's own, and the same whenever the same is planned."""
    if bucket.state.versioning is Versioning.SUSPENDED:
        return NULL
    named = f"{bucket.name}/{event.before.key}/{id}/{event.step.at.isoformat()}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]
