"""From a bucket to what happens to each of its versions, midnight by midnight."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from tests.inventory.forecast.ledger.law import (
    DAY,
    Action,
    Day,
    Tracked,
    action_at,
    is_aborted,
    midnight_from,
    track,
)
from tests.inventory.forecast.ledger.stored import Key, Upload, Version, World


class What(Enum):
    """`MARKER_REMOVED` is of an expired one, `REPLACED` of a null version, by a new null marker."""

    DELETED = "deleted"
    MARKER_REMOVED = "marker removed"
    REPLACED = "replaced"
    MARKER_ADDED = "marker added"
    MOVED = "moved"
    ABORTED = "aborted"


@dataclass(frozen=True)
class Event:
    """The class that it `left` after `stayed` days in it, and the one that it moves `into`; of a
    version that is replaced, the one that it would have moved into at that midnight.
    """

    day: int
    what: What
    key: str
    version: Version | Upload
    times: int
    left: str = "STANDARD"
    stayed: int = 0
    into: str = ""


@dataclass
class Walk:
    """`days` are those of each version and upload, with how many there are like it."""

    events: list[Event] = field(default_factory=list)
    days: list[tuple[int, list[Day]]] = field(default_factory=list)


def walk(world: World, days: int) -> Walk:
    """The days from the first midnight at or after `as_of`."""
    begin = midnight_from(world.as_of)
    done = Walk()
    for key in world.keys:
        stack = [track(key.name, version, world) for version in key.versions]
        done.days += [(key.times, tracked.days) for tracked in stack]
        for number in range(days):
            at = begin + number * DAY
            stack, events = at_midnight(at, number, key, stack, world)
            done.events += events
            for tracked in stack:
                stayed = (at - tracked.entered).days
                tracked.days.append(
                    Day(number, tracked.storage_class, tracked.version.size, stayed)
                )
    for upload in world.uploads:
        kept: list[Day] = []
        done.days.append((upload.times, kept))
        for number in range(days):
            if is_aborted(upload, begin + number * DAY, world):
                done.events.append(Event(number, What.ABORTED, upload.key, upload, upload.times))
                break
            kept.append(Day(number, "STANDARD", upload.size, 0))
    return done


def at_midnight(
    at: datetime, number: int, key: Key, stack: list[Tracked], world: World
) -> tuple[list[Tracked], list[Event]]:
    """What is left of a key's versions: all are judged by the state just before this midnight."""
    actions = [action_at(at, stack, place, world) for place in range(len(stack))]
    adds_marker = any(action is Action.ADD_MARKER for action, _ in actions)
    null = adds_marker and world.versioning == "Suspended"
    left: list[Tracked] = []
    events: list[Event] = []
    for tracked, (action, into) in zip(stack, actions, strict=True):
        what = _what(action, expired_marker=tracked.version.marker and tracked is stack[-1])
        if null and tracked.version.null:
            what = What.REPLACED
        if what is not None:
            stayed = (at - tracked.entered).days
            known = (number, what, key.name, tracked.version, key.times)
            events.append(Event(*known, tracked.storage_class, stayed, into))
        if what is What.MOVED:
            tracked.storage_class, tracked.entered = into, at
        if what in (None, What.MOVED, What.MARKER_ADDED):
            left.append(tracked)
    if adds_marker:
        left.append(track(key.name, Version(at, marker=True, null=null), world))
    return left, events


def _what(action: Action | None, expired_marker: bool) -> What | None:
    match action:
        case None:
            return None
        case Action.DELETE:
            return What.MARKER_REMOVED if expired_marker else What.DELETED
        case Action.ADD_MARKER:
            return What.MARKER_ADDED
        case Action.TRANSITION:
            return What.MOVED
