"""What does S3 do with all versions of one key, midnight by midnight?

They act on each other: a delete marker makes the version below it noncurrent, and a version that
goes leaves its marker alone, or the one below it with a later successor. Of one midnight everything
is judged as it was when that midnight came, and each version is touched at most once (S3 User
Guide, "Expiring objects": at most one lifecycle action a day).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from firnline.s3.simulate.batch import Crowd, Step
from firnline.s3.simulate.clock import DAY, midnight_from
from firnline.s3.simulate.history import after, marker_left_by
from firnline.s3.simulate.stored import Action, Thing
from firnline.s3.terms import Versioning


class Played(NamedTuple):
    """What is done to one version, and to those that it takes along.

    A version goes by its place among those that were handed in; delete markers that S3 puts are
    numbered on from there. `replaced` is the null version whose place a null marker took.
    """

    number: int
    before: Thing
    step: Step
    marker: int | None = None
    replaced: int | None = None


@dataclass(slots=True)
class _Version:
    thing: Thing
    told: Iterator[Step]
    coming: Step | None


_Stack = dict[int, _Version]
"""By number, the oldest first."""


def play(
    crowd: Crowd, versions: Sequence[Thing], since: datetime, until: datetime | None = None
) -> Iterator[Played]:
    """All that happens to the versions of a key, the oldest first, from a moment on.

    Each says itself what lies above and below it: a listing may lack some of them.
    """
    now = midnight_from(since)
    stack = {number: _told(crowd, thing, now, until) for number, thing in enumerate(versions)}
    numbered = len(stack)
    while coming := [each.coming.at for each in stack.values() if each.coming is not None]:
        at = min(coming)
        played = list(_midnight(crowd, stack, at, numbered))
        yield from played
        numbered += sum(each.marker is not None for each in played)
        stack = _after(crowd, stack, played, at, until)


def _told(crowd: Crowd, thing: Thing, now: datetime, until: datetime | None) -> _Version:
    told = crowd.steps(thing, now, until)
    return _Version(thing, told, next(told, None))


def _midnight(crowd: Crowd, stack: _Stack, at: datetime, numbered: int) -> Iterator[Played]:
    for number, version in stack.items():
        step = version.coming
        if step is None or step.at != at:
            continue
        if step.deed.action is Action.DELETE_MARKER:
            yield Played(number, version.thing, step, numbered, _null(crowd, stack))
        else:
            yield Played(number, version.thing, step)


def _null(crowd: Crowd, stack: _Stack) -> int | None:
    """A key has one null version: a null marker takes its place (S3 User Guide, elements)."""
    if crowd.bucket.versioning is not Versioning.SUSPENDED:
        return None
    return next((number for number, each in stack.items() if each.thing.null_version), None)


def _after(
    crowd: Crowd, stack: _Stack, played: Sequence[Played], at: datetime, until: datetime | None
) -> _Stack:
    """The stack after a midnight: those that are told something new by it begin a new story."""
    things: dict[int, Thing] = {number: each.thing for number, each in stack.items()}
    gone = {done.replaced for done in played}
    for done in played:
        deed = done.step.deed
        left = after(crowd.bucket, done.before, deed.action, deed.storage_class, at)
        if left is None:
            gone.add(done.number)
        else:
            things[done.number] = stack[done.number].thing = left
            stack[done.number].coming = next(stack[done.number].told, None)
        if done.marker is not None:
            put = marker_left_by(crowd.bucket, done.before, at, hidden=len(stack))
            things[done.marker] = put
    was_old = {done.number: not done.before.current for done in played}
    found: _Stack = {}
    for number, thing in _placed(things, gone, was_old).items():
        known = stack.get(number)
        if known is None or known.thing != thing:
            known = _told(crowd, thing, at + DAY, until)
        found[number] = known
    return found


def _placed(
    things: dict[int, Thing], gone: set[int | None], was_old: dict[int, bool]
) -> dict[int, Thing]:
    """Those that are left, each told what lies above and below it now.

    Counts go up and down with what came and went, so that what a listing lacks goes on counting.
    `was_old`: of those that something was done to, whether they were noncurrent before.
    """
    left: dict[int, Thing] = {}
    above: Thing | None = None
    more_newer = 0  # noncurrent versions above, against before
    lost_successor = False
    for number, thing in reversed(things.items()):
        old_before = was_old.get(number, not thing.current)
        if number in gone:
            more_newer -= old_before
            lost_successor = True
            continue
        if old_before:
            since = above.created if above and lost_successor else thing.noncurrent_since
            newer = thing.newer_noncurrent + more_newer
            thing = replace(thing, noncurrent_since=since, newer_noncurrent=newer)
        elif thing.hidden:
            thing = replace(thing, hidden=thing.hidden - len(gone & things.keys()))
        more_newer += not thing.current and not old_before
        left[number], above, lost_successor = thing, thing, False
    return dict(reversed(left.items()))
