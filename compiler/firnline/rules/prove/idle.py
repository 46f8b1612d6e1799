"""Which steps and retentions could be removed without a difference to any object?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.language.model import Retention, TierTransition
from firnline.rules.program import Owned, Program
from firnline.rules.prove.interference import keeps_versions
from firnline.rules.prove.required import BY_PREFIX, Claim, Requirements, claim, requirements
from firnline.s3.compare.effect import NO_EFFECT, Effect, first_difference
from firnline.s3.terms import Clock


def idle_moves(program: Program) -> Iterator[tuple[Owned, Clock, TierTransition]]:
    """Transitions that change nothing in any of the cells that their unit owns, if it owns any."""
    needs = requirements(program)
    idle: dict[tuple[Owned, Clock], set[TierTransition]] = {}
    for found in needs.claims:
        owner = found.owner
        if owner is None or not owner.timeline.moves:
            continue
        left = idle.setdefault((owner, found.clock), set(owner.timeline.moves))
        if not left or found.cell.size < owner.unit.moves_from:
            continue  # each is known to change something, or nothing here is large enough
        wanted = needs.effect_of([owner], found.cell)
        left -= {
            move
            for move in left
            if not _same(
                program, found.clock, wanted, needs.effect_without(owner, move, found.cell)
            )
        }
    for (owner, clock), moves in idle.items():
        yield from ((owner, clock, move) for move in owner.timeline.moves if move in moves)


def idle_retentions(program: Program) -> Iterator[tuple[Retention, Owned]]:
    """Retentions whose removal would change nothing for any object, each with one that would do its
    work.

    One that requires no action, such as `never`, is useless to S3 but useful to readers: it is not
    idle.
    """
    needs = requirements(program)
    stands_in: dict[int, tuple[Retention, Owned]] = {}
    needed: set[int] = set()
    for found in needs.claims:
        for owner in found.narrowest:
            retention = owner.unit.retention
            if retention is None or id(retention) in needed:
                continue
            other = _substitute(needs, program, found, retention)
            if other is None:
                needed.add(id(retention))
            else:
                stands_in.setdefault(id(retention), (retention, other))
    yield from (pair for key, pair in stands_in.items() if key not in needed)


def _substitute(
    needs: Requirements, program: Program, found: Claim, retention: Retention
) -> Owned | None:
    """The owner that would require the same of the cell if the retention did not exist."""
    owner = found.owner
    rest = [each for each in found.matching if each.unit.retention is not retention]
    other = claim(found.cell, found.clock, rest).owner
    if owner is None or other is None:
        return None
    if found.clock in BY_PREFIX:
        same = owner.timeline.ends is not None and owner.timeline.ends == other.timeline.ends
        return other if same else None
    wanted = needs.effect_of([owner], found.cell)
    same = wanted != NO_EFFECT and _same(
        program, found.clock, wanted, needs.effect_of([other], found.cell)
    )
    return other if same else None


def _same(program: Program, clock: Clock, one: Effect, other: Effect) -> bool:
    clock = Clock.OBJECTS if clock is Clock.OBJECTS else Clock.NONCURRENT_VERSIONS
    return not any(
        first_difference(clock, one, other, keeps_versions=keeps)
        for keeps in keeps_versions(program.versioning)
    )
