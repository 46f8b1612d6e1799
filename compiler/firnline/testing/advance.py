"""What will S3 do with all that lies in these buckets, midnight by midnight? Pure: see `run`.

Things of one key act on each other (a marker makes a version noncurrent, a version that goes
leaves a marker alone), things of different keys never do. Of one midnight everything is judged
as it was when that midnight came, and each thing is touched at most once (S3 User Guide,
"Expiring objects": at most one lifecycle action a day).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from firnline.language.model import Versioning
from firnline.rules.ir import RuleSet
from firnline.rules.simulate.clock import DAY, midnight_from
from firnline.rules.simulate.story import Event, Story, marker_left_by, story
from firnline.rules.simulate.thing import Action, BucketState, Sort, Thing

NULL = "null"


@dataclass(frozen=True, slots=True)
class Held:
    """A version, a delete marker or an upload, by the ID that S3 knows it by."""

    id: str
    thing: Thing
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
    sort: Sort
    action: Action
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
        for stack in bucket.stacks
        for each in _play(bucket, stack, first, until)
    ]
    return tuple(sorted(planned, key=lambda each: (each.at, each.account, each.bucket, each.key)))


def stacked(versions: Iterable[Held]) -> Stack:
    """The versions of a key, the oldest first, each told what lies above it and below it.

    What became noncurrent stays so since that day, whatever becomes of its successor.
    """
    stack = tuple(versions)
    newest = len(stack) - 1
    return tuple(
        replace(held, thing=_placed(held.thing, place, newest, stack))
        for place, held in enumerate(stack)
    )


def _placed(thing: Thing, place: int, newest: int, stack: Stack) -> Thing:
    if place == newest:
        hidden = newest if thing.sort is Sort.MARKER else 0
        return replace(
            thing, current=True, noncurrent_since=None, newer_noncurrent=0, hidden=hidden
        )
    return replace(
        thing,
        current=False,
        # S3 User Guide, lifecycle elements: the day on which the successor was created.
        noncurrent_since=thing.noncurrent_since or stack[place + 1].thing.created,
        newer_noncurrent=newest - 1 - place,
        hidden=0,
    )


def _play(bucket: HeldBucket, stack: Stack, now: datetime, until: datetime) -> Iterator[Happened]:
    """From one midnight at which something happens to the next."""
    known: dict[str, tuple[Thing, Story]] = {}
    while stack and now <= until:
        for held in stack:
            if held.id not in known or known[held.id][0] != held.thing:
                told = story(bucket.rules, bucket.state, held.thing, now, until)
                known[held.id] = held.thing, told
        coming = {held.id: told[0] for held in stack if (told := known[held.id][1])}
        if not coming:
            return
        at = min(event.at for event in coming.values())
        acted = {id: event for id, event in coming.items() if event.at == at}
        for id, event in acted.items():
            if event.thing is not None:
                known[id] = event.thing, known[id][1][1:]
        yield from (_happened(bucket, held, acted, stack) for held in stack if held.id in acted)
        stack, now = _after(bucket, stack, acted, at), at + DAY


def _after(bucket: HeldBucket, stack: Stack, acted: dict[str, Event], at: datetime) -> Stack:
    left: list[Held] = []
    for held in stack:
        thing = acted[held.id].thing if held.id in acted else held.thing
        if thing is not None:
            left.append(replace(held, thing=thing))
    top = acted.get(stack[-1].id)
    if top is not None and top.owed.action is Action.DELETE_MARKER:
        id = _marker_id(bucket, stack[-1], at)
        # A key has one null version: the marker takes its place (S3 User Guide, elements).
        left = [held for held in left if held.id != id]
        marker = marker_left_by(stack[-1].thing, at, hidden=len(left))
        left.append(Held(id, replace(marker, null_version=id == NULL)))
    return stacked(left)


def _happened(bucket: HeldBucket, held: Held, acted: dict[str, Event], stack: Stack) -> Happened:
    event = acted[held.id]
    done = event.owed
    marker = _marker_id(bucket, held, event.at) if done.action is Action.DELETE_MARKER else None
    assert done.due is not None
    return Happened(
        at=event.at,
        account=bucket.account,
        bucket=bucket.name,
        key=held.thing.key,
        id=held.id,
        sort=held.thing.sort,
        action=done.action,
        due=done.due,
        bytes=held.bytes,
        freed=_freed(held, done.action, marker, acted, stack),
        rules=tuple(dict.fromkeys(rule.id for rule in done.rules)),
        storage_class=done.storage_class,
        marker=marker,
    )


def _freed(
    held: Held, action: Action, marker: str | None, acted: dict[str, Event], stack: Stack
) -> int:
    if action.destroys:
        return held.bytes
    if marker != NULL:
        return 0
    replaced = (each for each in stack if each.id == NULL)
    return sum(
        each.bytes
        for each in replaced
        if each.id not in acted or not acted[each.id].owed.action.destroys
    )


def _marker_id(bucket: HeldBucket, held: Held, at: datetime) -> str:
    """As long as S3's own, and the same whenever the same is planned."""
    if bucket.state.versioning is Versioning.SUSPENDED:
        return NULL
    named = f"{bucket.name}/{held.thing.key}/{held.id}/{at.isoformat()}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]
