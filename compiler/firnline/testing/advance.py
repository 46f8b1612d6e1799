"""What will S3 do with all that lies in these buckets, midnight by midnight? Pure: see `run`.

Versions of one key act on each other (`simulate.play`), things of different keys never do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.simulate.versions import VersionEvent, version_events
from firnline.s3.terms import Versioning

NULL = "null"


@dataclass(frozen=True, slots=True)
class Held:
    """A version, a delete marker or an upload, by the ID that S3 knows it by."""

    id: str
    item: StoredItem
    bytes: int = 0  # what is stored; a thing that is an upload has no size


Stack = tuple[Held, ...]
"""The versions of a key, the oldest first; or one upload."""


@dataclass(frozen=True, slots=True)
class HeldBucket:
    account: str
    name: str
    state: BucketState
    rules: RuleSet
    stacks: tuple[Stack, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that lifecycle did, or will do."""

    at: datetime
    account: str
    bucket: str
    key: str
    id: str  # of the version or the upload
    kind: ItemKind
    action: LifecycleAction
    due: datetime
    bytes: int  # of what it was done to
    freed: int  # bytes that are gone for good by it
    rules: tuple[str, ...]  # the IDs of those that asked for it
    storage_class: str | None = None  # the one entered
    marker: str | None = None  # the ID of the marker put on top


def plan_advance(
    buckets: Iterable[HeldBucket], since: datetime, until: datetime
) -> tuple[Happened, ...]:
    """What S3 does at the midnights after `since` up to and with `until`, in order of time."""
    first = midnight_from(since + timedelta(microseconds=1))
    planned = [
        each
        for bucket in buckets
        if bucket.rules.rules
        for each in _in_bucket(bucket, first, until)
    ]
    return tuple(sorted(planned, key=lambda each: (each.at, each.account, each.bucket, each.key)))


def stacked(versions: Iterable[Held]) -> Stack:
    """The versions of a key, the oldest first, each told what lies above it and below it."""
    stack = tuple(versions)
    newest = len(stack) - 1
    return tuple(
        replace(held, item=_placed(held.item, place, newest, stack))
        for place, held in enumerate(stack)
    )


def _placed(item: StoredItem, place: int, newest: int, stack: Stack) -> StoredItem:
    if place == newest:
        hidden = newest if item.kind is ItemKind.DELETE_MARKER else 0
        return replace(item, current=True, noncurrent_since=None, newer_noncurrent=0, hidden=hidden)
    return replace(
        item,
        current=False,
        # S3 User Guide, lifecycle elements: the day on which the successor was created. That is the
        # version above it now, whatever lay between them: a list of versions tells no more.
        noncurrent_since=stack[place + 1].item.created,
        newer_noncurrent=newest - 1 - place,
        hidden=0,
    )


def _in_bucket(bucket: HeldBucket, first: datetime, until: datetime) -> Iterator[Happened]:
    batch = Batch(bucket.rules, bucket.state)
    for stack in bucket.stacks:
        held = {number: (each.id, each.bytes) for number, each in enumerate(stack)}
        played = version_events(batch, [each.item for each in stack], first, until)
        for at, midnight in groupby(played, key=lambda done: done.step.at):
            done = list(midnight)
            yield from [_happened(bucket, each, at, held, done) for each in done]


def _happened(
    bucket: HeldBucket,
    done: VersionEvent,
    at: datetime,
    held: dict[int, tuple[str, int]],
    midnight: list[VersionEvent],
) -> Happened:
    """`held`: the ID and the bytes by number; a marker that is put is added to it."""
    id, bytes = held[done.number]
    taken = done.step.taken
    marker = None
    if done.marker is not None:
        marker = _marker_id(bucket, done.before.key, id, at)
        held[done.marker] = marker, 0
    assert taken.due is not None
    return Happened(
        at=at,
        account=bucket.account,
        bucket=bucket.name,
        key=done.before.key,
        id=id,
        kind=done.before.kind,
        action=taken.action,
        due=taken.due,
        bytes=bytes,
        freed=_freed(done, held, midnight),
        rules=tuple(dict.fromkeys(rule.id for rule in taken.rules)),
        storage_class=taken.storage_class,
        marker=marker,
    )


def _freed(
    done: VersionEvent, held: dict[int, tuple[str, int]], midnight: list[VersionEvent]
) -> int:
    if done.step.taken.action.destroys:
        return held[done.number][1]
    destroyed = {each.number for each in midnight if each.step.taken.action.destroys}
    if done.replaced is None or done.replaced in destroyed:
        return 0
    return held[done.replaced][1]


def _marker_id(bucket: HeldBucket, key: str, id: str, at: datetime) -> str:
    """As long as S3's own, and the same whenever the same is planned."""
    if bucket.state.versioning is Versioning.SUSPENDED:
        return NULL
    named = f"{bucket.name}/{key}/{id}/{at.isoformat()}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]
