"""What happens to one item of a cell under either rule set? A difference as two stories."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from firnline.s3.compare.cells import Cell, key_in
from firnline.s3.compare.difference import Difference, MarkersAndUploads
from firnline.s3.compare.effect import BEGINNING, Effect, State
from firnline.s3.model import (
    Filter,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import Clock, Days, StorageClass, Versioning, When

_START = date(2001, 1, 1).toordinal()
"""Any day will do where no rule has a date."""
_LAST = date.max.toordinal() - 9


@dataclass(frozen=True, slots=True)
class WitnessStep:
    """What S3 does at an age in whole days; a transition leads into `storage_class`."""

    age: int
    action: LifecycleAction
    storage_class: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """An item that tells two rule sets apart, and what each does with it from `today` on."""

    item: StoredItem
    state: State
    today: datetime
    versioning: Versioning
    one: tuple[WitnessStep, ...]
    other: tuple[WitnessStep, ...]


def witness_of(difference: Difference, prefixes: Set[str], *, locked: bool = False) -> Witness:
    """A difference as a person can check it; `prefixes` are all that either side speaks of, and
    `locked` tells whether the item is to be under a legal hold."""
    state, cell = difference.state, difference.cell
    today = _today(difference)
    item = _item(state, cell, key_in(cell.prefix, prefixes), today)
    if locked:
        item = replace(item, legal_hold=True)
    sides = difference.one, difference.other
    one, other = (steps_of(_rules(side), difference.versioning, item, today) for side in sides)
    return Witness(item, state, today, difference.versioning, one, other)


def steps_of(
    rules: RuleSet, versioning: Versioning, item: StoredItem, today: datetime
) -> tuple[WitnessStep, ...]:
    """The story of an item from a day on, until it is gone or hidden by a delete marker."""
    began = item.created if item.noncurrent_since is None else item.noncurrent_since
    steps = []
    for event in history(rules, BucketState(versioning), item, today):
        done = event.action_due
        steps.append(WitnessStep((event.at - began).days, done.action, done.storage_class))
        if done.action is LifecycleAction.DELETE_MARKER:
            break  # from here on it is an old version: another clock, with an effect of its own
    return tuple(steps)


def _today(difference: Difference) -> datetime:
    """Half a day before the midnight at which the difference shows: so many whole days lie between
    then and a beginning at noon, and a date is due at that midnight or not yet."""
    state, sides = difference.state, (difference.one, difference.other)
    dates = {when.toordinal() for side in sides for when in _whens(side) if isinstance(when, date)}
    if state.today != BEGINNING:
        day = state.today.toordinal() - 1
    elif dates:
        day = min(_START, min(dates) - 2)
    else:
        day = max(_START, int(state.age) + 2)
    return datetime.combine(date.fromordinal(min(max(day, 2), _LAST)), time(12), UTC)


def _whens(side: Effect | MarkersAndUploads) -> Iterator[When]:
    yield from side.expirations
    if isinstance(side, Effect):
        yield from (when for when, _ in side.transitions)


def _item(state: State, cell: Cell, key: str, today: datetime) -> StoredItem:
    began = today - timedelta(days=min(int(state.age), today.toordinal() - 2))  # after year 1
    old = state.clock is Clock.NONCURRENT_VERSIONS
    is_data = state.kind is ItemKind.OBJECT_VERSION
    return StoredItem(
        key,
        began,
        size=cell.size if is_data else 0,
        storage_class=state.storage_class,
        tags=cell.tags if is_data else (),
        kind=state.kind,
        current=not old,
        noncurrent_since=began if old else None,
        newer_noncurrent=state.newer,
        legal_hold=state.locked,
    )


def _rules(side: Effect | MarkersAndUploads) -> RuleSet:
    """The effect on the cell as rules for everything; the size filter lifts S3's floor, which
    the effect has in it already."""
    rules = _of_bare(side) if isinstance(side, MarkersAndUploads) else _of_objects(side)
    return RuleSet(tuple(replace(rule, id=str(place)) for place, rule in enumerate(rules)))


def _of_bare(side: MarkersAndUploads) -> Iterator[Rule]:
    yield Rule("", Filter(), removes_sole_markers=side.removes_markers)
    for when in side.expirations:
        yield Rule("", Filter(), expires=when)
    for after, newest in side.old_markers.noncurrent_expirations:
        yield Rule("", Filter(), noncurrent_expires=_old_end(after, newest))
    if side.uploads is not None:
        yield Rule("", Filter(), aborts_uploads_after=Days(side.uploads))


def _of_objects(side: Effect) -> Iterator[Rule]:
    for when, target in side.transitions:
        yield Rule("", _ANY_SIZE, transitions=(Transition(when, StorageClass(target)),))
    for when in side.expirations:
        yield Rule("", _ANY_SIZE, expires=when)
    for after, target, newest in side.noncurrent_transitions:
        move = NoncurrentTransition(Days(after), StorageClass(target), newest or None)
        yield Rule("", _ANY_SIZE, noncurrent_transitions=(move,))
    for after, newest in side.noncurrent_expirations:
        yield Rule("", _ANY_SIZE, noncurrent_expires=_old_end(after, newest))


_ANY_SIZE = Filter(smaller_than=2**63)


def _old_end(after: int, newest: int) -> NoncurrentExpiration:
    return NoncurrentExpiration(Days(after), newest or None)
