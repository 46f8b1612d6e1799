"""Rules and policies as single actions, each under one prefix, with tags and a range of sizes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from firnline.s3.compare.effect import Effect, effect_of
from firnline.s3.law.classes import SMALL_TARGETS
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import MinimumSize, Rule
from firnline.s3.scope import NO_LIMIT, Tags
from firnline.s3.terms import Clock, Days, StorageClass, When

_Where = tuple[Tags, int, int]
"""Tags, and the smallest and the largest size."""


class Atom(NamedTuple):
    """One action of one rule: on objects that have all the tags and `at_least` to `at_most` bytes,
    both inclusive.

    `day` is an age, or the ordinal of a date where it is `dated`; `target` the class of a
    transition, None where it is an expiration or, of markers and uploads, a removal; `newest` how
    many of the newest noncurrent versions stay. Of atoms with the same `group`, the first in their
    `order` makes the others idle.
    """

    clock: Clock
    dated: bool
    target: StorageClass | None
    newest: int
    day: int
    tags: Tags
    at_least: int
    at_most: int

    @classmethod
    def transition(
        cls, clock: Clock, when: When, target: StorageClass, where: _Where, newest: int = 0
    ) -> Atom:
        dated, day = _day(when)
        return cls(clock, dated, target, newest, day, *where)

    @classmethod
    def end(cls, clock: Clock, when: When, where: _Where, newest: int = 0) -> Atom:
        dated, day = _day(when)
        return cls(clock, dated, None, newest, day, *where)

    @property
    def order(self) -> tuple[object, ...]:
        """To sort by; a class cannot be compared with none."""
        return self[:2], self.target or "", self[3:]

    @property
    def group(self) -> tuple[object, ...]:
        return self[:4]

    @property
    def filter(self) -> _Where:
        return self[5:]

    @property
    def when(self) -> When:
        return date.fromordinal(self.day) if self.dated else Days(self.day)


def of_rule(rule: Rule, floor: MinimumSize) -> Iterator[Atom]:
    """The actions of a rule, if it is enabled. S3's minimum size for transitions, which a size
    filter replaces, is a lower bound of each transition (S3 User Guide, transition considerations).
    """
    if not rule.enabled:
        return
    filter = rule.filter
    highest = NO_LIMIT if filter.at_most is None else filter.at_most
    where = filter.tags, filter.at_least, highest

    def moving(target: StorageClass) -> _Where:
        if filter.sized:
            return where
        anyhow = floor is MinimumSize.VARIES and target in SMALL_TARGETS
        return filter.tags, 0 if anyhow else SMALL_OBJECT, highest

    for move in rule.transitions:
        target = move.storage_class
        yield Atom.transition(Clock.OBJECTS, move.when, target, moving(target))
    if rule.expires is not None:
        yield Atom.end(Clock.OBJECTS, rule.expires, where)
    old_versions = Clock.NONCURRENT_VERSIONS
    for old in rule.noncurrent_transitions:
        target, newest = old.storage_class, old.newer_versions or 0
        yield Atom.transition(old_versions, old.after, target, moving(target), newest)
    if rule.noncurrent_expires is not None:
        ends = rule.noncurrent_expires
        yield Atom.end(old_versions, ends.after, where, ends.newer_versions or 0)
    if rule.removes_sole_markers:
        yield Atom.end(Clock.DELETE_MARKERS, Days(0), where)
    if rule.aborts_uploads_after is not None:
        every = (), 0, NO_LIMIT
        yield Atom.end(Clock.MULTIPART_UPLOADS, rule.aborts_uploads_after, every)


def sum_of(atoms: Iterable[Atom]) -> Effect:
    """The effect of several actions on an object that all of them match."""
    return _sum(tuple(atoms))


@lru_cache(maxsize=1_024)  # the same actions come again under most prefixes of a fleet
def _sum(atoms: tuple[Atom, ...]) -> Effect:
    moves, ends, old_moves, old_ends = [], [], [], []
    for atom in atoms:
        clock = atom.clock  # compared by identity: this runs for every cell
        if clock is Clock.OBJECTS:
            if atom.target is not None:
                moves.append((atom.when, atom.target))
            else:
                ends.append(atom.when)
        elif clock is Clock.NONCURRENT_VERSIONS:
            if atom.target is not None:
                old_moves.append((atom.day, atom.target, atom.newest))
            else:
                old_ends.append((atom.day, atom.newest))
    return effect_of(moves, ends, old_moves, old_ends)


def _day(when: When) -> tuple[bool, int]:
    return (True, when.toordinal()) if isinstance(when, date) else (False, int(when))
