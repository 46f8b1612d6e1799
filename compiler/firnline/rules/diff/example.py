"""One item that the two stories of a change treat differently, and what each does with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from math import inf
from typing import assert_never

from firnline.rules.diff.category import Category, shows, states
from firnline.rules.diff.changes import Change
from firnline.s3.compare.difference import Difference
from firnline.s3.compare.effect import State
from firnline.s3.compare.story import Story
from firnline.s3.compare.witness import Witness, WitnessStep, witness_of
from firnline.s3.law.classes import READING
from firnline.s3.terms import Clock, Versioning


def example_of(change: Change, category: Category) -> Witness:
    """A case of the category: a new item if possible, so that both stories are complete; else one
    in the state in which they first differ.
    """
    fallback: Witness | None = None
    for locked, versioning in product(_locks(change), _versionings(change)):
        for state, is_new in _states(change):
            witness = _witness(change, state, versioning, locked=locked)
            if witness.one == witness.other:
                continue
            if is_new:
                is_case = _is_case(category, change, witness)
            else:
                is_case = shows(category, change.old, change.new, state, change.facts)
            if is_case:
                return witness
            fallback = fallback or witness
    assert fallback is not None, "a change that nothing shows"
    return fallback


def _states(change: Change) -> Iterator[tuple[State, bool]]:
    """At creation, then in every state; rules with dates have no common start."""
    steps = [s for story in (change.old, change.new) for s in (*story.moves, *story.ends)]
    if not any(isinstance(step.when, date) for step in steps):
        for newest in sorted({0, *(step.newest for step in steps)}):
            yield State(change.clock, newer=newest), True
    for state in states(change.old, change.new):
        yield state, False


def _is_case(category: Category, change: Change, witness: Witness) -> bool:
    """Whether a new item becomes a case, on some day of its life."""
    before, after = (_end(story, witness.state.newer) for story in (change.old, change.new))
    match category:
        case Category.DELETES_SOONER:
            return after < before
        case Category.KEEPS_LONGER:
            return before < after
        case Category.ARCHIVES_SOONER:
            ages = [
                step.age
                for step in witness.other
                if step.age < before or after <= step.age == before
            ]
            return any(_reading(witness.other, age) > _reading(witness.one, age) for age in ages)
        case Category.NEW_SCOPE | Category.LOST_SCOPE | Category.COST_ONLY:
            return True
        case _:
            assert_never(category)


def _end(story: Story, newer: int) -> float:
    ends = [step.when for step in story.ends if step.newest <= newer]
    return min((int(when) for when in ends if isinstance(when, int)), default=inf)


def _reading(steps: tuple[WitnessStep, ...], age: int) -> int:
    """How hard it is to read at an age."""
    moved = [step.storage_class for step in steps if step.age <= age and step.storage_class]
    return READING[moved[-1]] if moved else 0


def _versionings(change: Change) -> Iterator[Versioning]:
    objects = change.clock in (Clock.OBJECTS, Clock.MULTIPART_UPLOADS)
    return (v for v in change.facts.versionings if objects or v is not Versioning.OFF)


def _locks(change: Change) -> tuple[bool, ...]:
    """Object Lock keeps an item from expiring but not from moving: only a locked item shows such a
    change.
    """
    return (
        (False, True)
        if change.facts.locks and change.clock is Clock.NONCURRENT_VERSIONS
        else (False,)
    )


def _witness(change: Change, state: State, versioning: Versioning, *, locked: bool) -> Witness:
    difference = Difference(change.cell, state, versioning, change.old.effect, change.new.effect)
    return witness_of(difference, change.prefixes, locked=locked)
