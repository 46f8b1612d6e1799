"""What should rules have done, by the day of an inventory, to what is still in it as it was?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from firnline.inventory.forecast.groups import Group, Stored
from firnline.inventory.forecast.usage import fates
from firnline.inventory.forecast.volume import Volume
from firnline.s3.law.classes import CLASSES
from firnline.s3.simulate.batch import Batch, BatchStep
from firnline.s3.simulate.clock import DAY, midnight_from
from firnline.s3.simulate.stored import ItemKind, LifecycleAction, StoredItem


@dataclass(frozen=True, slots=True)
class NotDone:
    """What one rule has not done, although it is due: for the first of these, `since` that day.
    `net` is by how many bytes more of each class are there for that, or fewer if negative; of those
    objects later actions are due as well. `example` is like one of the items, and `key` the key of
    one, where it is looked up.
    """

    rule: str
    action: LifecycleAction
    into: str | None
    since: datetime
    volume: Volume
    net: Mapping[str, int]
    example: Stored
    key: str | None = None


_NONE: Final = Volume()


@dataclass(slots=True)
class _Sum:
    since: datetime
    example: Stored
    volume: Volume = _NONE
    net: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def not_done(
    batch: Batch, groups: Iterable[Group], begin: datetime, day: datetime
) -> Iterator[tuple[NotDone, int]]:
    """By rule, action and days that have passed since: nothing is due before `begin`, a midnight,
    or after `day`, another one.
    """
    found: dict[tuple[str, LifecycleAction, str | None, int], _Sum] = {}
    for stored, steps, since in _due(batch, groups, begin, day):
        first, left = steps[0], steps[-1].left
        moved = first.taken.action is LifecycleAction.TRANSITION
        key = (
            first.taken.rules[0].id,
            first.taken.action,
            first.left if moved else None,
            (day - since).days,
        )
        sums = found.setdefault(key, _Sum(since, stored))
        sums.example = min(sums.example, stored, key=_age)
        sums.volume = sums.volume.plus(stored.volume)
        storage_class = stored.example.storage_class
        if stored.example.kind is ItemKind.OBJECT_VERSION and left != storage_class:
            sums.net[storage_class] += stored.volume.bytes
            if left is not None:
                sums.net[left] -= stored.volume.bytes
    for (rule, action, into, days), sums in found.items():
        told = NotDone(rule, action, into, sums.since, sums.volume, dict(sums.net), sums.example)
        yield told, days


def _due(
    batch: Batch, groups: Iterable[Group], begin: datetime, day: datetime
) -> Iterator[tuple[Stored, Sequence[BatchStep], datetime]]:
    """What should have happened to which items, and since when; S3 does one thing a day.

    Delete markers that hide nothing are left out: an inventory does not tell since when.
    """
    for group in groups:
        for place, (stored, steps) in enumerate(fates(batch, [group], begin, day + DAY)):
            if not steps or steps[0].taken.action is LifecycleAction.REMOVE_DELETE_MARKER:
                continue
            # A null marker for the current version may replace an older one.
            hides = steps[0].taken.action is LifecycleAction.DELETE_MARKER
            acting = (group[-1] if hides else stored).example
            since = max(
                steps[0].at,
                _beyond_since(group, place, steps[0]) or day,
                _moved_at(batch, acting, begin, day) + DAY,
            )
            due = [
                step
                for number, step in enumerate(steps)
                if max(step.at, since + number * DAY) <= day
            ]
            if due:
                yield stored, due, since


def _moved_at(batch: Batch, item: StoredItem, begin: datetime, day: datetime) -> datetime:
    """When at the latest, up to a day, the rules can have moved an item into the class in which it
    is; the day before they began, if from no class they do.
    """
    found = [begin - DAY]
    for storage_class in CLASSES:
        if storage_class != item.storage_class and item.storage_class != _FIRST:
            earlier = replace(item, storage_class=storage_class, tier=None)
            moves = batch.steps(earlier, since=begin, until=day)
            found += [step.at for step in moves if step.left == item.storage_class][:1]
    return max(found)


_FIRST: Final = "STANDARD"


def _beyond_since(group: Group, place: int, step: BatchStep) -> datetime | None:
    """From which midnight on, at the latest, a version has had as many newer noncurrent ones as the
    rule keeps; None where those are not known. S3 judges by what was there before a midnight, and
    the newer one may be noncurrent since that very midnight.
    """
    kept = 0 if group[place].example.current else _kept_by(step)
    if not kept:
        return step.at
    newer = [each.example.noncurrent_since for each in group[place + 1 :]]
    moment = newer[kept - 1] if kept <= len(newer) else None
    return None if moment is None else midnight_from(moment) + DAY


def _kept_by(step: BatchStep) -> int:
    """How many of the newest noncurrent versions the rule of a noncurrent one spares."""
    rule = step.taken.rules[0]
    if step.taken.action is LifecycleAction.DELETE_VERSION and rule.noncurrent_expires:
        return rule.noncurrent_expires.newer_versions or 0
    moves = [each for each in rule.noncurrent_transitions if each.storage_class == step.left]
    is_move = step.taken.action is LifecycleAction.TRANSITION
    return max((each.newer_versions or 0 for each in moves if is_move), default=0)


def split(found: Iterable[tuple[NotDone, int]], lag: int) -> tuple[list[NotDone], list[NotDone]]:
    """What is due for at most so many days, and for more."""
    all_found = list(found)
    return (
        [each for each, days in all_found if days <= lag],
        [each for each, days in all_found if days > lag],
    )


def net_of(found: Iterable[NotDone]) -> dict[str, int]:
    net: dict[str, int] = defaultdict(int)
    for each in found:
        for name, amount in each.net.items():
            net[name] += amount
    return dict(net)


def merged(found: Iterable[NotDone]) -> list[NotDone]:
    """By rule and action, the largest first."""
    together: dict[tuple[str, LifecycleAction, str | None], NotDone] = {}
    for each in found:
        key = each.rule, each.action, each.into
        known = together.get(key)
        together[key] = each if known is None else _with(known, each)
    return sorted(together.values(), key=lambda each: (-each.volume.bytes, each.rule))


def _with(one: NotDone, other: NotDone) -> NotDone:
    names = dict.fromkeys((*one.net, *other.net))
    earliest = min(one, other, key=lambda each: (each.since, _age(each.example)))
    return NotDone(
        one.rule,
        one.action,
        one.into,
        earliest.since,
        one.volume.plus(other.volume),
        {name: one.net.get(name, 0) + other.net.get(name, 0) for name in names},
        earliest.example,
    )


def _age(stored: Stored) -> tuple[datetime, str, int, str]:
    """Groups come in no order: of several, the same one is the example each time."""
    item = stored.example
    return item.noncurrent_since or item.created, item.key, item.size, item.storage_class
