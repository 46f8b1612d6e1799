"""Can a policy say what rules do on one clock of a scope, and if not, why and because of which
actions?
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from firnline.fleet.imported.acting import Told
from firnline.fleet.imported.model import ImportedMove, ImportedTimeline
from firnline.language.tier_classes import DEFAULT_CLASSES
from firnline.s3.compare.atoms import Atom
from firnline.s3.compare.story import Step
from firnline.s3.law.limits import MOST_NEWER_VERSIONS
from firnline.s3.terms import Clock, Days, StorageClass, When

_MOST_MOVES = len(DEFAULT_CLASSES)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`reason` is about the actions that are `guilty`."""

    reason: str
    guilty: Callable[[Atom], bool]


def obstacle(told: Told, clock: Clock) -> Obstacle | None:
    return next(_obstacles(told, clock), None)


def timeline_of(told: Told) -> ImportedTimeline:
    """What is told, which nothing hinders."""
    moves = tuple(ImportedMove(_age(step.when), StorageClass(step.into)) for step in told.moves)
    by_newest = {step.newest: _age(step.when) for step in told.ends}
    if not by_newest:
        return ImportedTimeline(moves)
    count = max(by_newest)
    if not count:
        return ImportedTimeline(moves, by_newest[0])
    return ImportedTimeline(moves, by_newest[count], count, by_newest.get(0))


def _obstacles(told: Told, clock: Clock) -> Iterator[Obstacle]:
    if any(isinstance(step.when, date) for step in (*told.moves, *told.ends)):
        yield Obstacle("it acts on a date, and a policy says ages", lambda atom: atom.dated)
    if any(step.newest for step in told.moves):
        yield Obstacle(
            "it moves noncurrent versions by how many are newer, which a policy says of deletions"
            " alone",
            lambda atom: atom.target is not None and bool(atom.newest),
        )
    ages = [step.when for step in told.moves]
    if len(ages) > _MOST_MOVES or len(set(ages)) < len(ages):
        what = "objects" if clock is Clock.OBJECTS else "noncurrent versions"
        why = (
            f"{what} move {len(ages)} times, and a policy has {_MOST_MOVES} tiers"
            if len(ages) > _MOST_MOVES
            else f"{what} enter two classes at the same age"
        )
        yield Obstacle(why, lambda atom: atom.target is not None)
    if not _can_be_counted(told.ends):
        yield Obstacle(
            "it keeps different numbers of the newest noncurrent versions for different times,"
            " and a policy says one number",
            lambda atom: atom.target is None and bool(atom.newest),
        )


def _can_be_counted(ends: tuple[Step, ...]) -> bool:
    counts = {step.newest for step in ends}
    return (
        len(ends) == len(counts)
        and len(counts - {0}) < 2
        and max(counts, default=0) <= (MOST_NEWER_VERSIONS)
    )


def _age(when: When) -> Days:
    assert isinstance(when, Days), "a date is an obstacle"
    return when
