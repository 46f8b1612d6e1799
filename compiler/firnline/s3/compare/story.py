"""What happens to the items of one cell on one clock, in order, with days.

A story holds what rules do without idle actions, that is, actions that never take effect in any
state an item can be in. So two stories are equal exactly where they have the same effect from every
start, and rules that never take effect do not change a story.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple, assert_never

from firnline.s3.compare.difference import Facts, MarkersAndUploads
from firnline.s3.compare.effect import Effect
from firnline.s3.law.classes import CLASSES, RANK, reachable
from firnline.s3.terms import Clock, Days, Versioning, When


class Step(NamedTuple):
    """At an age or from a date on; `into` is a class, or None where the step is an expiration. Of
    noncurrent versions, the `newest` ones are exempt.
    """

    when: When
    into: str = ""
    newest: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """Transitions and expirations by age; objects smaller than `moves_from` bytes only expire."""

    clock: Clock
    moves: tuple[Step, ...] = ()
    ends: tuple[Step, ...] = ()
    moves_from: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.moves and not self.ends

    @property
    def still(self) -> Story:
        """The same story without its transitions."""
        return Story(self.clock, (), self.ends)

    @property
    def effect(self) -> Effect | MarkersAndUploads:
        """The effect that a difference would show for this clock alone."""
        match self.clock:
            case Clock.OBJECTS:
                return Effect(
                    transitions=frozenset((step.when, step.into) for step in self.moves),
                    expirations=frozenset(step.when for step in self.ends),
                )
            case Clock.NONCURRENT_VERSIONS:
                return Effect(
                    noncurrent_transitions=frozenset(
                        (_age(s), s.into, s.newest) for s in self.moves
                    ),
                    noncurrent_expirations=frozenset(
                        (_age(step), step.newest) for step in self.ends
                    ),
                )
            case Clock.MULTIPART_UPLOADS:
                return MarkersAndUploads(
                    uploads=min((_age(step) for step in self.ends), default=None)
                )
            case Clock.DELETE_MARKERS:
                at_once = any(step.when == Days(0) for step in self.ends)
                ends = frozenset() if at_once else frozenset(step.when for step in self.ends)
                return MarkersAndUploads(removes_markers=at_once, expirations=ends)
            case _:
                assert_never(self.clock)

    def moving_from(self, size: int) -> Story:
        return replace(self, moves_from=size) if self.moves else self


@lru_cache(maxsize=65_536)
def of_objects(effect: Effect, facts: Facts) -> Story:
    """The story of objects; on a bucket that may keep versions, a transition comes before the
    delete marker.
    """
    moves = [Step(when, into) for when, into in effect.transitions]
    ends = [Step(when) for when in effect.expirations]
    off = all(each is Versioning.OFF for each in facts.versionings)
    return _story(Clock.OBJECTS, moves, ends, ends if off else ())


@lru_cache(maxsize=65_536)
def of_old_versions(effect: Effect, facts: Facts) -> Story:
    """The story of noncurrent versions; where Object Lock may protect them, one that has expired
    may still move.
    """
    moves = [
        Step(Days(after), into, newest) for after, into, newest in effect.noncurrent_transitions
    ]
    ends = [Step(Days(after), "", newest) for after, newest in effect.noncurrent_expirations]
    return _story(Clock.NONCURRENT_VERSIONS, moves, ends, () if facts.locks else ends)


def of_markers(effect: MarkersAndUploads) -> Story:
    """Delete markers that hide nothing are removed by a setting of their own, or else with the
    objects: then the story of the objects covers them.
    """
    ends = tuple(Step(when) for when in sorted(effect.sole_markers, key=_order_of))
    return Story(Clock.DELETE_MARKERS, (), ends)


def of_uploads(effect: MarkersAndUploads) -> Story:
    ends = () if effect.uploads is None else (Step(Days(effect.uploads)),)
    return Story(Clock.MULTIPART_UPLOADS, (), ends)


def comes_before(one: Step, other: Step) -> bool:
    """Whether `one` is due, for as many versions, in every state in which `other` is."""
    if one.newest > other.newest:
        return False
    if isinstance(one.when, date) is isinstance(other.when, date):
        return _order_of(one.when) <= _order_of(other.when)
    return one.when == Days(0)


def _story(clock: Clock, moves: list[Step], ends: list[Step], first: Iterable[Step]) -> Story:
    """`first`: the expirations that come before any transition."""
    before = list(first)
    kept = [move for move in _that_win(moves) if not any(comes_before(end, move) for end in before)]
    return Story(clock, _in_order(kept), _in_order(ends))


def _that_win(moves: list[Step]) -> Iterator[Step]:
    """The transitions that take effect from some class: those that no better one always
    precedes.
    """
    for move in moves:
        better = [
            other.into
            for other in moves
            if other != move
            and comes_before(other, move)
            and (RANK[other.into] > RANK[move.into] or other.into == move.into)
        ]
        if any(
            reachable(origin, move.into) and not any(reachable(origin, into) for into in better)
            for origin in CLASSES
        ):
            yield move


def _in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: (*_order_of(step.when), step.into, step.newest)))


def _order_of(when: When) -> tuple[bool, int]:
    """Ages before dates."""
    return (True, when.toordinal()) if isinstance(when, date) else (False, int(when))


def _age(step: Step) -> int:
    assert isinstance(step.when, int)
    return int(step.when)
