"""What do lifecycle actions do to the objects of one cell, and where do two such effects differ?

Rules and policies are constant within a cell, so an effect is a few days, dates and classes. S3
takes at most one action a day on an object, and which one depends only on the object's state: its
class, its age, and how many noncurrent versions are newer. So two effects are the same from every
start exactly where the same action is due in every state. The action due changes only at the days
and counts that occur in the effects, so those are the only states that must be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import product

from firnline.s3.law.classes import CLASSES, RANK, reachable
from firnline.s3.simulate.stored import ItemKind
from firnline.s3.terms import Clock, When

BEGINNING = date.min
"""A day before every date of a rule."""


TransitionAt = tuple[When, str]
NoncurrentTransitionAt = tuple[int, str, int]  # days, class, how many newest stay
NoncurrentExpirationAt = tuple[int, int]  # days, how many newest stay


@dataclass(frozen=True, slots=True)
class Effect:
    """All that happens to a cell's objects and noncurrent versions, without actions that never
    take effect because another comes no later and applies to at least as many versions.
    """

    transitions: frozenset[TransitionAt] = frozenset()
    expirations: frozenset[When] = frozenset()
    noncurrent_transitions: frozenset[NoncurrentTransitionAt] = frozenset()
    noncurrent_expirations: frozenset[NoncurrentExpirationAt] = frozenset()


NO_EFFECT = Effect()


@dataclass(frozen=True, slots=True)
class State:
    """The state of an item: its class, its age in days, the day, and how many noncurrent versions
    are newer. `age` counts from its creation, or from when it became noncurrent; `locked` means a
    noncurrent version that Object Lock protects, `is_old_marker` a noncurrent delete marker.
    """

    clock: Clock
    storage_class: str = "STANDARD"
    age: int = 0
    newer: int = 0
    today: date = BEGINNING
    locked: bool = False
    is_old_marker: bool = False

    @property
    def kind(self) -> ItemKind:
        if self.clock is Clock.MULTIPART_UPLOADS:
            return ItemKind.MULTIPART_UPLOAD
        is_marker = self.clock is Clock.DELETE_MARKERS or self.is_old_marker
        return ItemKind.DELETE_MARKER if is_marker else ItemKind.OBJECT_VERSION


@dataclass(frozen=True, slots=True)
class Due:
    """What is due in a state: a transition into a class, an expiration, or nothing (both unset)."""

    moves_to: str | None = None
    ends: bool = False


NOTHING = Due()


def effect_of(
    moves: Iterable[TransitionAt],
    ends: Iterable[When],
    old_moves: Iterable[NoncurrentTransitionAt],
    old_ends: Iterable[NoncurrentExpirationAt],
) -> Effect:
    """The effect without idle actions, so that effects that mean the same are mostly equal."""
    moves, ends = set(moves), set(ends)
    old_moves, old_ends = set(old_moves), set(old_ends)
    return Effect(
        frozenset(moves if len(moves) < 2 else _first_of_each_class(moves)),
        frozenset(ends if len(ends) < 2 else _first_of_each_kind(ends)),
        frozenset(
            old_moves
            if len(old_moves) < 2
            else (m for m in old_moves if not any(_idles(o, m) for o in old_moves if o != m))
        ),
        frozenset(
            old_ends
            if len(old_ends) < 2
            else (
                (after, newest)
                for after, newest in old_ends
                if not any(
                    a <= after and n <= newest and (a, n) != (after, newest) for a, n in old_ends
                )
            )
        ),
    )


def due(effect: Effect, state: State, *, keeps_versions: bool, locked: bool = False) -> Due:
    """What is due in a state. A deletion for good comes before a transition, and that before a
    delete marker (S3 User Guide, "How S3 Lifecycle handles conflicts"); a locked noncurrent version
    stays.
    """
    if state.clock is Clock.NONCURRENT_VERSIONS:
        if not locked and _old_end(effect, state):
            return Due(ends=True)
        target = _old_move(effect, state)
        return Due(moves_to=target) if target else NOTHING
    ends = any(_has_come(when, state) for when in effect.expirations)
    if ends and not keeps_versions:
        return Due(ends=True)
    coming = [target for when, target in effect.transitions if _has_come(when, state)]
    target = _winner(state.storage_class, coming)
    if target:
        return Due(moves_to=target)
    return Due(ends=True) if ends else NOTHING


@lru_cache(maxsize=65_536)
def first_difference(
    clock: Clock, one: Effect, other: Effect, *, keeps_versions: bool, locked: bool = False
) -> State | None:
    """A state of objects or of noncurrent versions in which the two differ; None where they are
    the same from every start. The simplest state is found first: STANDARD before other classes,
    lower ages before higher ones.
    """
    states = _current_states(one, other) if clock is Clock.OBJECTS else _old_states(one, other)
    for state in states:
        for lock in (False, True) if locked and clock is Clock.NONCURRENT_VERSIONS else (False,):
            outcomes = [
                due(effect, state, keeps_versions=keeps_versions, locked=lock)
                for effect in (one, other)
            ]
            if outcomes[0] != outcomes[1]:
                return replace(state, locked=lock)
    return None


def _idles(one: NoncurrentTransitionAt, other: NoncurrentTransitionAt) -> bool:
    return one[1] == other[1] and one[0] <= other[0] and one[2] <= other[2]


def _first_of_each_class(moves: Iterable[TransitionAt]) -> Iterator[TransitionAt]:
    by_class: dict[str, set[When]] = {}
    for when, storage_class in moves:
        by_class.setdefault(storage_class, set()).add(when)
    for storage_class, whens in by_class.items():
        for when in _first_of_each_kind(whens):
            yield when, storage_class


def _first_of_each_kind(whens: Iterable[When]) -> Iterator[When]:
    """The earliest age and the earliest date: neither makes the other idle, unless the age is 0,
    which every object has reached.
    """
    days = [when for when in whens if isinstance(when, int)]
    dates = [when for when in whens if isinstance(when, date)]
    if days and min(days) == 0:
        dates = []
    if days:
        yield min(days)
    if dates:
        yield min(dates)


def _has_come(when: When, state: State) -> bool:
    return when <= state.age if isinstance(when, int) else when <= state.today


def _old_end(effect: Effect, state: State) -> bool:
    return any(
        after <= state.age and newest <= state.newer
        for after, newest in effect.noncurrent_expirations
    )


def _old_move(effect: Effect, state: State) -> str | None:
    return _winner(
        state.storage_class,
        [
            target
            for after, target, newest in effect.noncurrent_transitions
            if after <= state.age and newest <= state.newer
        ],
    )


def _winner(origin: str, targets: list[str]) -> str | None:
    possible = [target for target in targets if reachable(origin, target)]
    return max(possible, key=RANK.__getitem__) if possible else None


def _current_states(one: Effect, other: Effect) -> Iterator[State]:
    if (one.transitions, one.expirations) == (other.transitions, other.expirations):
        return
    whens = {when for effect in (one, other) for when, _ in effect.transitions}
    whens |= one.expirations | other.expirations
    ages = sorted({0, *(when for when in whens if isinstance(when, int))})
    days = sorted({BEGINNING, *(when for when in whens if isinstance(when, date))})
    for storage_class, age, today in product(CLASSES, ages, days):
        yield State(Clock.OBJECTS, storage_class, age, 0, today)


def _old_states(one: Effect, other: Effect) -> Iterator[State]:
    if (one.noncurrent_transitions, one.noncurrent_expirations) == (
        other.noncurrent_transitions,
        other.noncurrent_expirations,
    ):
        return
    steps = [
        (move[0], move[2]) for effect in (one, other) for move in effect.noncurrent_transitions
    ]
    steps += [*one.noncurrent_expirations, *other.noncurrent_expirations]
    ages, counts = sorted({0, *(s[0] for s in steps)}), sorted({0, *(s[1] for s in steps)})
    for storage_class, age, newer in product(CLASSES, ages, counts):
        yield State(Clock.NONCURRENT_VERSIONS, storage_class, age, newer)
