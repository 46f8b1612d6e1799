"""Rules and policies as single actions, each under one prefix, with tags and a range of sizes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from firnline.s3.compare.effect import Effect, effect_of
from firnline.s3.law.classes import SMALL_TARGETS
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import MinimumSize, Rule
from firnline.s3.scope import NO_LIMIT, Tags
from firnline.s3.terms import Clock, Days, When


class Atom(NamedTuple):
    """One action of one rule: on objects that have all the tags and `at_least` to `at_most` bytes,
    both inclusive.

    `day` is an age, or the ordinal of a date where it is `dated`; `target` the class of a
    transition, empty where it is an expiration; `newest` how many of the newest old versions stay.
    Of atoms with the same `group`, the first in their order makes the others idle.
    """

    clock: Clock
    dated: bool
    target: str
    newest: int
    day: int
    tags: Tags
    at_least: int
    at_most: int

    @property
    def group(self) -> tuple[object, ...]:
        return self[:4]

    @property
    def filter(self) -> tuple[Tags, int, int]:
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

    def moving(target: str) -> tuple[Tags, int, int]:
        if filter.sized:
            return where
        anyhow = floor is MinimumSize.VARIES and target in SMALL_TARGETS
        return filter.tags, 0 if anyhow else SMALL_OBJECT, highest

    for move in rule.transitions:
        target = move.storage_class
        yield Atom(Clock.OBJECTS, *_day(move.when, target), *moving(target))
    if rule.expires is not None:
        yield Atom(Clock.OBJECTS, *_day(rule.expires), *where)
    for old in rule.noncurrent_transitions:
        target, newest = old.storage_class, old.newer_versions or 0
        yield Atom(
            Clock.NONCURRENT_VERSIONS, False, target, newest, int(old.after), *moving(target)
        )
    if rule.noncurrent_expires is not None:
        ends = rule.noncurrent_expires
        yield Atom(
            Clock.NONCURRENT_VERSIONS, False, "", ends.newer_versions or 0, int(ends.after), *where
        )
    if rule.removes_sole_markers:
        yield Atom(Clock.DELETE_MARKERS, False, "", 0, 0, *where)
    if rule.aborts_uploads_after is not None:
        days = int(rule.aborts_uploads_after)
        yield Atom(Clock.MULTIPART_UPLOADS, False, "", 0, days, (), 0, NO_LIMIT)


def _day(when: When, target: str = "") -> tuple[bool, str, int, int]:
    if isinstance(when, date):
        return True, target, 0, when.toordinal()
    return False, target, 0, int(when)


def sum_of(atoms: Iterable[Atom]) -> Effect:
    """The effect of several actions on an object that all of them match."""
    moves, ends, old_moves, old_ends = [], [], [], []
    for atom in atoms:
        clock = atom.clock  # compared by identity: this runs for every cell
        if clock is Clock.OBJECTS:
            if atom.target:
                moves.append((atom.when, atom.target))
            else:
                ends.append(atom.when)
        elif clock is Clock.NONCURRENT_VERSIONS:
            if atom.target:
                old_moves.append((atom.day, atom.target, atom.newest))
            else:
                old_ends.append((atom.day, atom.newest))
    return effect_of(moves, ends, old_moves, old_ends)
