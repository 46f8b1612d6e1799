"""Where does a setting reach objects that a narrower one decides about? Per clock, cell by cell.

S3 applies every rule that matches, so a cell gets what its owner requires only where no other
matching unit would change anything, from any class and age.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from firnline.language.model import TierTransition
from firnline.rules.program import Owned, Program
from firnline.rules.prove.required import Claim, Requirements, requirements
from firnline.s3.compare.cells import Cell
from firnline.s3.compare.effect import State, first_difference
from firnline.s3.terms import Clock, Versioning


class CutShort(NamedTuple):
    """An expiration of `outer` comes before that of `inner`, the owner: for noncurrent versions,
    when `newer` noncurrent ones are newer.
    """

    clock: Clock
    cell: Cell
    outer: Owned
    inner: Owned
    newer: int


class Moved(NamedTuple):
    """`moves` of `outer` are made where `inner`, the owner, requires something else: in `state`."""

    clock: Clock
    cell: Cell
    outer: Owned
    inner: Owned
    moves: tuple[TierTransition, ...]
    state: State


class Undecided(NamedTuple):
    """Two units require different actions, and neither of them is within the other."""

    clock: Clock
    cell: Cell
    claimants: tuple[Owned, Owned]


Interference = CutShort | Moved | Undecided


@lru_cache(maxsize=2)  # several checks need it, for a program under holds and before them
def interference(program: Program) -> tuple[Interference, ...]:
    """All interference in a program, each pair of owner and other once per clock. Raises
    `NotAnalysed`.
    """
    needs = requirements(program)
    readings = keeps_versions(program.versioning)
    found: dict[tuple[object, ...], Interference] = {}
    for claim in needs.claims:
        if len(claim.matching) > 1:
            for each in _in_claim(needs, claim, readings, program.buckets[0].object_lock):
                found.setdefault(_pair(each), each)
    return tuple(found.values())


def keeps_versions(versioning: Versioning | None) -> tuple[bool, ...]:
    """Whether expiring an object leaves its bytes as a noncurrent version; both where versioning is
    unknown.
    """
    return (True, False) if versioning is None else (versioning is not Versioning.OFF,)


def first_cut(outer: Owned, inner: Owned) -> int | None:
    """How many newer noncurrent versions there are when a version first expires sooner than the
    inner unit requires; None where it never does.
    """
    lines = (outer.timeline, inner.timeline)
    counts = {line.keep_newest.count for line in lines if line.keep_newest} | {0}
    for newer in sorted(counts, reverse=True):
        ends, required_end = (line.ends_of(newer) for line in lines)
        if ends is not None and (required_end is None or ends < required_end):
            return newer
    return None


def _pair(each: Interference) -> tuple[object, ...]:
    if isinstance(each, Undecided):
        return Undecided, each.clock, *map(id, each.claimants)
    return type(each), each.clock, id(each.outer), id(each.inner)


def _in_claim(
    needs: Requirements, claim: Claim, readings: tuple[bool, ...], locked: bool
) -> Iterator[Interference]:
    owner = claim.owner
    assert owner is not None
    wanted = needs.effect_of([owner], claim.cell)
    if len(claim.narrowest) > 1:
        apart = tuple(
            other
            for other in claim.narrowest
            # FL702 reports two settings of one scope.
            if other.scope != owner.scope
            and needs.effect_of([other], claim.cell) != wanted
            and not other.before_hold  # both required the same before a hold, or FL302 reports it
        )
        if apart:
            yield Undecided(claim.clock, claim.cell, (apart[0], owner))
            return
    for outer in claim.others:
        newer = first_cut(outer, owner)
        if newer is not None:
            yield CutShort(claim.clock, claim.cell, outer, owner, newer)
        elif outer.timeline.moves:
            yield from _moved(needs, claim, outer, readings, locked=locked)


def _moved(
    needs: Requirements, claim: Claim, outer: Owned, readings: tuple[bool, ...], *, locked: bool
) -> Iterator[Moved]:
    """One transition at a time: S3 takes one of several candidates, so together they change what
    the owner requires exactly where one of them does.
    """
    owner = claim.owner
    assert owner is not None
    clock = Clock.OBJECTS if claim.clock is Clock.OBJECTS else Clock.NONCURRENT_VERSIONS
    wanted = needs.effect_of([owner], claim.cell)
    states: dict[TierTransition, State] = {}
    for move in outer.timeline.moves:
        with_it = needs.effect_with(owner, outer, move, claim.cell)
        for keeps in readings:
            state = first_difference(clock, wanted, with_it, keeps_versions=keeps, locked=locked)
            if state is not None:
                states.setdefault(move, state)
    if states:
        yield Moved(
            claim.clock,
            claim.cell,
            outer,
            owner,
            tuple(states),
            min(states.values(), key=lambda s: s.age),
        )
