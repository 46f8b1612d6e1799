"""What happens to one item of a cell under either rule set? Two stories."""

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
"""Any day, where no rule has a date."""
_LAST = date.max.toordinal() - 9


@dataclass(frozen=True, slots=True)
class WitnessStep:
    """What S3 does at an age in whole days; a transition leads into `storage_class`."""

    age: int
    action: LifecycleAction
    storage_class: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """An item that two rule sets treat differently, and what each does with it from `today` on."""

    item: StoredItem
    state: State
    today: datetime
    versioning: Versioning
    one: tuple[WitnessStep, ...]
    other: tuple[WitnessStep, ...]


def witness_of(difference: Difference, prefixes: Set[str], *, locked: bool = False) -> Witness:
    """A difference as a person can check it; `prefixes` are all prefixes of either rule set, and
    `locked` puts the item under a legal hold.
    """
    state, cell = difference.state, difference.cell
    today = _today(difference)
    item = _item(state, cell, key_in(cell.prefix, prefixes), today)
    if locked:
        item = replace(item, legal_hold=True)
    effects = difference.one, difference.other
    one, other = (steps_of(_rules(each), difference.versioning, item, today) for each in effects)
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
            break  # now a noncurrent version: another clock, with an effect of its own
    return tuple(steps)


def _today(difference: Difference) -> datetime:
    """Noon before the midnight at which the difference shows: an item created at a noon is then a
    whole number of days old, and a date is due at that midnight or not yet.
    """
    state, effects = difference.state, (difference.one, difference.other)
    dates = {
        when.toordinal() for effect in effects for when in _whens(effect) if isinstance(when, date)
    }
    if state.today != BEGINNING:
        day = state.today.toordinal() - 1
    elif dates:
        day = min(_START, min(dates) - 2)
    else:
        day = max(_START, int(state.age) + 2)
    return datetime.combine(date.fromordinal(min(max(day, 2), _LAST)), time(12), UTC)


def _whens(effect: Effect | MarkersAndUploads) -> Iterator[When]:
    yield from effect.expirations
    if isinstance(effect, Effect):
        yield from (when for when, _ in effect.transitions)


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


def _rules(effect: Effect | MarkersAndUploads) -> RuleSet:
    """The effect on the cell as rules for every object; their size filter disables S3's minimum
    size for transitions, which the effect already includes.
    """
    rules = (
        _for_markers_and_uploads(effect)
        if isinstance(effect, MarkersAndUploads)
        else _for_objects(effect)
    )
    return RuleSet(tuple(replace(rule, id=str(place)) for place, rule in enumerate(rules)))


def _for_markers_and_uploads(effect: MarkersAndUploads) -> Iterator[Rule]:
    yield Rule("", Filter(), removes_sole_markers=effect.removes_markers)
    for when in effect.expirations:
        yield Rule("", Filter(), expires=when)
    for after, newest in effect.old_markers.noncurrent_expirations:
        yield Rule("", Filter(), noncurrent_expires=_old_end(after, newest))
    if effect.uploads is not None:
        yield Rule("", Filter(), aborts_uploads_after=Days(effect.uploads))


def _for_objects(effect: Effect) -> Iterator[Rule]:
    for when, target in effect.transitions:
        yield Rule("", _ANY_SIZE, transitions=(Transition(when, StorageClass(target)),))
    for when in effect.expirations:
        yield Rule("", _ANY_SIZE, expires=when)
    for after, target, newest in effect.noncurrent_transitions:
        move = NoncurrentTransition(Days(after), StorageClass(target), newest or None)
        yield Rule("", _ANY_SIZE, noncurrent_transitions=(move,))
    for after, newest in effect.noncurrent_expirations:
        yield Rule("", _ANY_SIZE, noncurrent_expires=_old_end(after, newest))


_ANY_SIZE = Filter(smaller_than=2**63)


def _old_end(after: int, newest: int) -> NoncurrentExpiration:
    return NoncurrentExpiration(Days(after), newest or None)
