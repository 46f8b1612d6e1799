"""Does anything leave a storage class while its minimum stay is still being billed?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.remedy import Advise
from firnline.lint.placed import AcceptedConfiguration, Action, Placed
from firnline.lint.regions import Group, Region
from firnline.rules.checks.minimum_duration import MINIMUM_DURATION
from firnline.s3.compare.cells import key_in
from firnline.s3.law.classes import minimum_stay
from firnline.s3.model import MinimumSize, Rule, RuleSet
from firnline.s3.simulate.history import Event, history
from firnline.s3.simulate.stored import BucketState, LifecycleAction, StoredItem
from firnline.s3.terms import Clock, Days, Versioning

_NOON: Final = datetime(2001, 1, 1, 12, tzinfo=UTC)
"""When every item began: any day, as only ages count here."""


@dataclass(frozen=True, slots=True)
class Stay:
    """So many days in a storage class, from one action to another."""

    storage_class: str
    days: int
    entered: Action
    left: Action


def short_stays(
    configuration: AcceptedConfiguration, regions: Sequence[Region], versioning: Versioning
) -> Iterator[Diagnostic]:
    """Dates are left out: they make a stay short once, not again and again."""
    seen: set[tuple[str, str]] = set()
    groups = (group for region in regions for group in region.groups)
    moving = (group for group in groups if any(each.is_move for each in group.actions))
    for stay in (
        s for group in moving for s in _stays(group, versioning, configuration.minimum_size)
    ):
        billed = minimum_stay(stay.storage_class)
        pair = stay.entered.path, stay.left.path
        if billed is not None and stay.days < billed.value and pair not in seen:
            seen.add(pair)
            yield _short(configuration, stay, int(billed.value))


def _short(configuration: AcceptedConfiguration, stay: Stay, billed: int) -> Diagnostic:
    return MINIMUM_DURATION.at(
        configuration.span(stay.left),
        f"{how_many(stay.days, 'day')} in {stay.storage_class}, and {billed} are billed",
        also=[(configuration.span(stay.entered), f"in {stay.storage_class} from here on")],
        remedy=_move_later(stay, billed) if stay.left.is_move else None,
    )


def _move_later(stay: Stay, billed: int) -> Advise:
    """What goes to another class is not deleted, so only its transition can come later."""
    atom = stay.left.atom
    return Advise(
        f"move to {atom.target} at {Days(atom.day + billed - stay.days)} or later, or drop the"
        f" transition to {stay.storage_class}"
    )


def _stays(group: Group, versioning: Versioning, floor: MinimumSize) -> Iterator[Stay]:
    """Of an object from its creation on, past its expiration where versions are kept; and of
    versions that users made noncurrent while they were in STANDARD, under so many newer ones. Where
    versioning is suspended, what was written before has a version ID, and what is written now has
    none: of that nothing stays when it expires.
    """
    placed = dict.fromkeys(each.placed for each in group.actions)
    rules = RuleSet(tuple(_by_age(each) for each in placed), floor)
    bucket = BucketState(versioning)
    item = StoredItem(
        key_in(group.cell.prefix, frozenset()), _NOON, group.cell.size, tags=group.cell.tags
    )
    if versioning is Versioning.SUSPENDED:
        yield from _between(group, history(rules, bucket, replace(item, null_version=True)))
    yield from _between(group, history(rules, bucket, item))
    if versioning is Versioning.OFF:
        return
    old = replace(item, current=False, noncurrent_since=_NOON)
    for newer in sorted({each.atom.newest for each in group.actions} | {0}):
        yield from _between(group, history(rules, bucket, replace(old, newer_noncurrent=newer)))


def _by_age(placed: Placed) -> Rule:
    """The rule without its dates; its ID is its number."""
    rule = placed.rule
    return replace(
        rule,
        id=str(placed.index),
        transitions=tuple(each for each in rule.transitions if isinstance(each.when, int)),
        expires=rule.expires if isinstance(rule.expires, int) else None,
    )


def _between(group: Group, events: Sequence[Event]) -> Iterator[Stay]:
    steps = [event for event in events if not _hides(event)]
    for entered, left in pairwise(steps):
        storage_class = entered.action_due.storage_class
        assert storage_class is not None  # after anything else, nothing is left
        days = (left.at - entered.at).days
        yield Stay(storage_class, days, _action(group, entered), _action(group, left))


def _hides(event: Event) -> bool:
    """Whether it puts a delete marker over a version; over a null version, one replaces it."""
    return event.action_due.action is LifecycleAction.DELETE_MARKER and event.item is not None


def _action(group: Group, event: Event) -> Action:
    """The action of a rule that an event carried out."""
    done = event.action_due
    ends_current = done.action in (LifecycleAction.EXPIRE, LifecycleAction.DELETE_MARKER)
    is_current = ends_current or (event.item is not None and event.item.current)
    clock = Clock.OBJECTS if is_current else Clock.NONCURRENT_VERSIONS
    wanted = int(done.rules[0].id), clock, done.storage_class
    return next(
        each
        for each in group.actions
        if (each.placed.index, each.atom.clock, each.atom.target) == wanted
    )
