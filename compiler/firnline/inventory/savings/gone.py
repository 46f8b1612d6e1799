"""What has S3 had the time to do under newer rules that older ones would not have done?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from firnline.inventory.forecast.groups import Group
from firnline.inventory.forecast.usage import Fate, fates
from firnline.inventory.forecast.volume import Volume, merged
from firnline.inventory.savings.entry import Change
from firnline.inventory.savings.realised import day_of
from firnline.s3.simulate.batch import Batch, BatchStep
from firnline.s3.simulate.clock import DAY, midnight_from
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction


class NotBack(Enum):
    """What restoring the older rules does not take back."""

    DELETED = "deleted"
    HIDDEN = "hidden"  # by a delete marker: the version is there, and noncurrent
    MOVED = "moved"


class Gone(NamedTuple):
    """By one rule; `into` is the class of what it moved."""

    loss: NotBack
    kind: ItemKind
    rule: str
    into: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What an inventory from before the change has, in groups of what both sets of rules treat
    alike.
    """

    made: datetime
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Runs:
    """The midnights at which S3 has run since the change: none where `last` is before `first`."""

    first: datetime
    last: datetime

    @property
    def count(self) -> int:
        return max(0, (self.last - self.first).days + 1)


def runs(change: Change, now: datetime) -> Runs:
    return Runs(midnight_from(change.at), day_of(now))


def batches(change: Change) -> tuple[Batch, Batch]:
    """The rules before and after: groups of what was stored are made by the first."""
    state = BucketState(change.versioning)
    return Batch(change.before, state), Batch(change.after, state)


def gone(change: Change, groups: Iterable[Group], now: datetime) -> dict[Gone, Volume]:
    """Of what was stored at the change; the largest first. S3 may be up to two days behind."""
    since = runs(change, now)
    if not since.count:
        return {}
    found: list[dict[Gone, Volume]] = []
    sides = batches(change)
    for group in groups:
        before, after = (list(fates(x, [group], since.first, since.last + DAY)) for x in sides)
        for one, other in zip(before, after, strict=True):
            if (loss := _lost(one, other)) is not None:
                found.append({loss: other.stored.volume})
    return dict(sorted(merged(found).items(), key=_place))


def _place(each: tuple[Gone, Volume]) -> tuple[object, ...]:
    told, volume = each
    loss = list(NotBack).index(told.loss)
    return -volume.bytes, -volume.objects, loss, told.rule, told.into or ""


def _lost(before: Fate, after: Fate) -> Gone | None:
    item = after.stored.example
    was, now = _left(before), _left(after)
    if was is None or not after.steps or item.kind is ItemKind.DELETE_MARKER:
        return None
    if now is None:
        return Gone(NotBack.DELETED, item.kind, _rule(after.steps))
    if (hiding := _of(LifecycleAction.DELETE_MARKER, after.steps)) and not _of(
        LifecycleAction.DELETE_MARKER, before.steps
    ):
        return Gone(NotBack.HIDDEN, item.kind, _rule(hiding))
    moves = _of(LifecycleAction.TRANSITION, after.steps)
    return Gone(NotBack.MOVED, item.kind, _rule(moves), now) if moves and now != was else None


def _left(fate: Fate) -> str | None:
    """Its class at the end; None where it is gone."""
    return fate.steps[-1].left if fate.steps else fate.stored.example.storage_class


def _of(action: LifecycleAction, steps: Sequence[BatchStep]) -> list[BatchStep]:
    return [step for step in steps if step.taken.action is action]


def _rule(steps: Sequence[BatchStep]) -> str:
    return steps[-1].taken.rules[0].id
