"""Which category of change is it, for the objects and for the people who need them?

All categories are judged over every state an item can be in: its class, its age or the day, how
many newer noncurrent versions it has. From strict to lenient:

- *deletes sooner*: in some state an expiration is due that was not due before: an object is deleted
  or hidden, a noncurrent version destroyed, an upload aborted, earlier than before or for the
  first time. Transitions do not count: that S3 takes a day for one does not keep an object longer.
- *new scope*: nothing happened before, and now something does.
- *archives sooner*: in some state a transition goes into a class that is slower or more expensive
  to read than the item's class would be otherwise. A transition on the day of a delete marker
  counts, since S3 moves the object first and the version behind the marker stays in that class; so
  does one of a noncurrent version that Object Lock keeps from expiring. A transition of what the
  old snapshot had ended and the new one keeps does not.
- *keeps longer*: in some state an expiration was due that is due later now, or never.
- *lost scope*: something happened before, and now nothing does.
- *cost only*: none of these: transitions that come later, are removed, or lead into a class that is
  no more expensive to read; and any change for delete markers that hide nothing, which store no
  bytes.

Several may hold. A change is named after *new scope* or *lost scope* where those hold, and else
after the strictest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from itertools import product
from typing import assert_never

from firnline.s3.compare.difference import Facts
from firnline.s3.compare.effect import BEGINNING, Effect, State, due
from firnline.s3.compare.story import Step, Story, comes_before
from firnline.s3.law.classes import CLASSES, READING
from firnline.s3.terms import Clock, Versioning


class Category(Enum):
    """From strict to lenient."""

    DELETES_SOONER = "deletes-sooner"
    NEW_SCOPE = "new-scope"
    ARCHIVES_SOONER = "archives-sooner"
    KEEPS_LONGER = "keeps-longer"
    LOST_SCOPE = "lost-scope"
    COST_ONLY = "cost-only"

    @property
    def place(self) -> int:
        return list(Category).index(self)

    @property
    def words(self) -> str:
        return self.value.replace("-", " ")


def categories(old: Story, new: Story, facts: Facts) -> tuple[Category, ...]:
    """All categories that hold, the strictest first. The stories are of one clock, and differ."""
    if old.clock is Clock.DELETE_MARKERS:
        return (Category.COST_ONLY,)
    found = [
        category
        for category, holds in (
            (Category.DELETES_SOONER, ends_before(new, old)),
            (Category.NEW_SCOPE, old.is_empty),
            (Category.ARCHIVES_SOONER, _harder_to_read(old, new, facts)),
            (Category.KEEPS_LONGER, ends_before(old, new)),
            (Category.LOST_SCOPE, new.is_empty),
        )
        if holds
    ]
    return tuple(found) or (Category.COST_ONLY,)


def called(found: tuple[Category, ...]) -> Category:
    """The category that a change is named after."""
    for category in (Category.NEW_SCOPE, Category.LOST_SCOPE):
        if category in found:
            return category
    return found[0]


def ends_before(one: Story, other: Story) -> bool:
    """Whether there is a state in which an expiration of `one` is due, and none of `other`."""
    return any(not any(comes_before(end, each) for end in other.ends) for each in one.ends)


def shows(category: Category, old: Story, new: Story, state: State, facts: Facts) -> bool:
    """Whether an item in this state is a case of the category."""
    match category:
        case Category.DELETES_SOONER:
            return _has_ended(new, state) and not _has_ended(old, state)
        case Category.KEEPS_LONGER:
            return _has_ended(old, state) and not _has_ended(new, state)
        case Category.ARCHIVES_SOONER:
            return _is_harder(old, new, state, facts)
        case Category.NEW_SCOPE | Category.LOST_SCOPE | Category.COST_ONLY:
            return True
        case _:
            assert_never(category)


def states(old: Story, new: Story) -> Iterator[State]:
    """Every state in which something may be due that was not due in an earlier one: the simplest
    first, in the order of the proof.
    """
    steps = [*old.moves, *old.ends, *new.moves, *new.ends]
    ages = sorted({0, *(int(step.when) for step in steps if isinstance(step.when, int))})
    days = sorted({BEGINNING, *(s.when for s in steps if isinstance(s.when, date))})
    counts = sorted({0, *(step.newest for step in steps)})
    clock = old.clock
    classes = CLASSES if clock in (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS) else CLASSES[:1]
    for storage_class, age, today, newer in product(classes, ages, days, counts):
        yield State(clock, storage_class, age, newer, today)


def _harder_to_read(old: Story, new: Story, facts: Facts) -> bool:
    if not new.moves or old.moves == new.moves:
        return False
    return any(_is_harder(old, new, state, facts) for state in states(old, new))


def _is_harder(old: Story, new: Story, state: State, facts: Facts) -> bool:
    ended_before, ended_after = _has_ended(old, state), _has_ended(new, state)
    if ended_before and not ended_after:
        return False
    before, after = _moves_to(old, state), _moves_to(new, state)
    if ended_after and not (after and _may_move_when_due(state.clock, facts)):
        return False
    return READING[after or state.storage_class] > READING[before or state.storage_class]


def _may_move_when_due(clock: Clock, facts: Facts) -> bool:
    """Whether S3 may move an item for which an expiration is due too: an object before its delete
    marker, a noncurrent version that Object Lock protects.
    """
    if clock is Clock.OBJECTS:
        return any(each is not Versioning.OFF for each in facts.versionings)
    return clock is Clock.NONCURRENT_VERSIONS and facts.locks


def _moves_to(story: Story, state: State) -> str | None:
    effect = story.effect
    assert isinstance(effect, Effect)
    without_ends = Effect(
        transitions=effect.transitions, noncurrent_transitions=effect.noncurrent_transitions
    )
    return due(without_ends, state, keeps_versions=True).moves_to


def _has_ended(story: Story, state: State) -> bool:
    return any(_has_come(step, state) for step in story.ends)


def _has_come(step: Step, state: State) -> bool:
    come = step.when <= state.age if isinstance(step.when, int) else step.when <= state.today
    return come and step.newest <= state.newer
