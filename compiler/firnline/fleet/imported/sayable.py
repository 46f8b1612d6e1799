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
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock, Days, StorageClass, When

_MOST_MOVES = len(DEFAULT_CLASSES)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`reason` is a clause that stands behind "stays:"; it is about the actions that are
    `guilty`.
    """

    reason: str
    guilty: Callable[[Atom], bool]


def obstacle(told: Told, clock: Clock, scope: Scope) -> Obstacle | None:
    return next(_obstacles(told, clock, scope), None)


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


def _obstacles(told: Told, clock: Clock, scope: Scope) -> Iterator[Obstacle]:
    dates = sorted({s.when for s in (*told.moves, *told.ends) if isinstance(s.when, date)})
    if dates:
        said = " and ".join(map(str, dates))
        yield Obstacle(f"a policy says ages, not dates ({said})", lambda atom: atom.dated)
        return
    if any(step.newest for step in told.moves):
        yield Obstacle(
            "a policy can keep the newest noncurrent versions from being deleted, but not from"
            " being moved",
            lambda atom: atom.target is not None and bool(atom.newest),
        )
    if not _can_be_counted(told.ends):
        yield Obstacle(
            "a policy keeps one number of the newest noncurrent versions, of at most"
            f" {MOST_NEWER_VERSIONS}, for one time",
            lambda atom: atom.target is None and bool(atom.newest),
        )
    yield from _of_moves(told, f"the {clock.value} of {scope}")


def _of_moves(told: Told, items: str) -> Iterator[Obstacle]:
    by_age: dict[Days, list[str]] = {}
    for step in told.moves:
        by_age.setdefault(_age(step.when), []).append(step.into)
    if len(told.moves) > _MOST_MOVES:
        reason = f"{items} move {len(told.moves)} times, and a policy has {_MOST_MOVES} tiers"
        yield Obstacle(reason, _moves)
    for age, classes in by_age.items():
        if len(classes) > 1:
            both = " and ".join(classes)
            yield Obstacle(f"{items} move to {both} at the same age of {age}", _moves)
    ends = [_age(step.when) for step in told.ends]
    late = [step for step in told.moves if ends and _age(step.when) >= min(ends)]
    if late:
        yield Obstacle(
            f"{items} end at {min(ends)} and would move to {late[0].into} at {late[0].when}: S3"
            " does move those that are older already, and a policy has no transition after the end"
            " (FL203)",
            _any,
        )


def _any(_: Atom) -> bool:
    return True


def _moves(atom: Atom) -> bool:
    return atom.target is not None


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
