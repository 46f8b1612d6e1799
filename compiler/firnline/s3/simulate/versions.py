"""What does S3 do with all versions of one key, midnight by midnight?

They act on each other: a delete marker makes the version below it noncurrent, and when a version is
removed, its marker may be left hiding nothing, and the version below gets a later successor. At one
midnight everything is judged by the state just before it, and each version is touched at most once
(S3 User Guide, "Expiring objects": at most one lifecycle action a day).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from firnline.s3.simulate.batch import Batch, BatchStep
from firnline.s3.simulate.clock import DAY, midnight_from
from firnline.s3.simulate.history import after, marker_left_by
from firnline.s3.simulate.stored import LifecycleAction, StoredItem
from firnline.s3.terms import Versioning


class VersionEvent(NamedTuple):
    """What happens to one version, and to those that go with it.

    Versions are numbered by their place in the input; delete markers that S3 creates get the next
    numbers. `replaced` is the null version that a null marker replaced.
    """

    number: int
    before: StoredItem
    step: BatchStep
    marker: int | None = None
    replaced: int | None = None


@dataclass(slots=True)
class _Version:
    item: StoredItem
    steps: Iterator[BatchStep]
    coming: BatchStep | None


_Stack = dict[int, _Version]
"""By number, the oldest first."""


def version_events(
    batch: Batch, versions: Sequence[StoredItem], since: datetime, until: datetime | None = None
) -> Iterator[VersionEvent]:
    """All that happens to the versions of a key, the oldest first, from a moment on.

    Each version itself states how many are above and below it, since a listing may lack some.
    """
    now = midnight_from(since)
    stack = {number: _begin(batch, item, now, until) for number, item in enumerate(versions)}
    numbered = len(stack)
    while coming := [each.coming.at for each in stack.values() if each.coming is not None]:
        at = min(coming)
        played = list(_midnight(batch, stack, at, numbered))
        yield from played
        numbered += sum(each.marker is not None for each in played)
        stack = _after(batch, stack, played, at, until)


def _begin(batch: Batch, item: StoredItem, now: datetime, until: datetime | None) -> _Version:
    steps = batch.steps(item, now, until)
    return _Version(item, steps, next(steps, None))


def _midnight(batch: Batch, stack: _Stack, at: datetime, numbered: int) -> Iterator[VersionEvent]:
    for number, version in stack.items():
        step = version.coming
        if step is None or step.at != at:
            continue
        if step.taken.action is LifecycleAction.DELETE_MARKER:
            yield VersionEvent(number, version.item, step, numbered, _null(batch, stack))
        else:
            yield VersionEvent(number, version.item, step)


def _null(batch: Batch, stack: _Stack) -> int | None:
    """A key has one null version: a null marker takes its place (S3 User Guide, elements)."""
    if batch.bucket.versioning is not Versioning.SUSPENDED:
        return None
    return next((number for number, each in stack.items() if each.item.null_version), None)


def _after(
    batch: Batch,
    stack: _Stack,
    played: Sequence[VersionEvent],
    at: datetime,
    until: datetime | None,
) -> _Stack:
    """The stack after a midnight: versions whose neighbours changed begin a new history."""
    items: dict[int, StoredItem] = {number: each.item for number, each in stack.items()}
    gone = {done.replaced for done in played}
    for done in played:
        taken = done.step.taken
        left = after(batch.bucket, done.before, taken.action, taken.storage_class, at)
        if left is None:
            gone.add(done.number)
        else:
            items[done.number] = stack[done.number].item = left
            stack[done.number].coming = next(stack[done.number].steps, None)
        if done.marker is not None:
            put = marker_left_by(batch.bucket, done.before, at, hidden=len(stack))
            items[done.marker] = put
    was_old = {done.number: not done.before.current for done in played}
    found: _Stack = {}
    for number, item in _placed(items, gone, was_old).items():
        known = stack.get(number)
        if known is None or known.item != item:
            known = _begin(batch, item, at + DAY, until)
        found[number] = known
    return found


def _placed(
    items: dict[int, StoredItem], gone: set[int | None], was_old: dict[int, bool]
) -> dict[int, StoredItem]:
    """Those that are left, each with the numbers of versions that are now above and below it.

    Counts are adjusted by what was added and removed, so that versions missing from the listing
    still count. `was_old`: whether each version that an action was taken on was noncurrent before.
    """
    left: dict[int, StoredItem] = {}
    above: StoredItem | None = None
    more_newer = 0  # noncurrent versions above, against before
    lost_successor = False
    for number, item in reversed(items.items()):
        old_before = was_old.get(number, not item.current)
        if number in gone:
            more_newer -= old_before
            lost_successor = True
            continue
        if old_before:
            since = above.created if above and lost_successor else item.noncurrent_since
            newer = item.newer_noncurrent + more_newer
            item = replace(item, noncurrent_since=since, newer_noncurrent=newer)
        elif item.hidden:
            item = replace(item, hidden=item.hidden - len(gone & items.keys()))
        more_newer += not item.current and not old_before
        left[number], above, lost_successor = item, item, False
    return dict(reversed(left.items()))
