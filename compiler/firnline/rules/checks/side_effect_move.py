"""Would objects follow a transition that only a prefix above theirs requires?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import (
    DropKeys,
    KeyPath,
    NameSiblings,
    Remedy,
    SayInRetentions,
    SetKeys,
    Setting,
    Way,
)
from firnline.language.check import Check, Subject
from firnline.language.model import Tier, TierTransition
from firnline.rules.checks.covering_less import may_leave
from firnline.rules.checks.never_versioned import judged
from firnline.rules.checks.sections import CLOCK_KEYS, prefixes_above, section_of
from firnline.rules.checks.words import also_matches, by_owner, witness
from firnline.rules.program import Owned, Program
from firnline.rules.prove.interference import CutShort, Moved
from firnline.s3.law.classes import can_move, gap_after
from firnline.s3.terms import Bytes, Clock

SIDE_EFFECT_MOVE = Kind(
    code="FL303",
    name="side-effect-move",
    severity=Severity.ERROR,
    title="a parent prefix's transition also applies here",
    why=(
        "S3 applies every rule that matches. A retention states everything that happens to its"
        " objects, so a transition from another retention is not intended."
    ),
    help="write the same transition in both, or name the sibling prefixes instead of their parent",
    wrong="""\
retain:
  data: {prefix: data/, warm_after: 30d, delete_after: 400d}
  hot-data: {prefix: data/hot/, delete_after: 300d}
""",
    right="""\
retain:
  data: {prefix: data/, warm_after: 30d, delete_after: 400d}
  hot-data: {prefix: data/hot/, warm_after: 30d, delete_after: 300d}
""",
)


def check(program: Program) -> Iterator[Diagnostic]:
    cut = {(cuts[0].clock, cuts[0].inner) for cuts in by_owner(program, CutShort)}
    for moved in by_owner(program, Moved):
        first = moved[0]
        if (first.clock, first.inner) not in cut:  # FL301 reports it, with the same remedy
            yield judged(_side_effect(program, first), program, first.clock)


CHECK = Check(Subject.PROGRAM, check, (SIDE_EFFECT_MOVE,))


def _side_effect(program: Program, moved: Moved) -> Diagnostic:
    clock, outer, inner, moves = moved.clock, moved.outer, moved.inner, moved.moves
    steps = ", ".join(f"to {move.storage_class} at {move.after}" for move in moves)
    return SIDE_EFFECT_MOVE.at(
        inner.unit.span,
        f"{clock.value} here would also move {steps}",
        also=[
            (outer.unit.span, also_matches(inner)),
            *((move.span, f"`{move.name}` of {outer.unit.called}") for move in moves),
        ],
        notes=[f"for example {witness(program, moved)}", *_overdue(moves, inner, clock)],
        remedy=_remedy(program, moved),
    )


def _overdue(moves: Sequence[TierTransition], inner: Owned, clock: Clock) -> list[str]:
    if not _only_overdue(moves, inner, clock):
        return []
    return [
        f"the deletion at {inner.timeline.ends} does not prevent it: objects that are already older"
        " when the rules go live move first, as a delete marker ranks below a transition"
    ]


def _only_overdue(moves: Sequence[TierTransition], inner: Owned, clock: Clock) -> bool:
    ends = inner.timeline.ends
    return clock is Clock.OBJECTS and ends is not None and all(m.after >= ends for m in moves)


def _remedy(program: Program, moved: Moved) -> Remedy:
    clock, outer, inner, moves = moved.clock, moved.outer, moved.inner, moved.moves
    elsewhere = _elsewhere(program, moved)
    if _only_overdue(moves, inner, clock) or not _can_ask(moves, inner):
        return (elsewhere,)
    keys = CLOCK_KEYS[clock]
    same = tuple(_the_same(moves, outer, inner, keys))
    return SetKeys(section_of(inner.unit), same, within=keys), elsewhere


def _elsewhere(program: Program, moved: Moved) -> Way:
    """The retention from which the transitions come no longer covers what the other one owns, or
    where that would end something sooner no longer moves.
    """
    clock, outer, inner, moves = moved.clock, moved.outer, moved.inner, moved.moves
    section = section_of(outer.unit)
    if outer.unit.retention is None:
        return SayInRetentions(section, CLOCK_KEYS[clock][0])
    above = prefixes_above(outer.unit, inner.unit)
    if above and may_leave(program, outer.unit, above):
        return NameSiblings(section, above)
    return DropKeys(section, tuple((*CLOCK_KEYS[clock], move.name) for move in moves))


def _can_ask(moves: Sequence[TierTransition], inner: Owned) -> bool:
    """Whether the owner can require those transitions as well as its own: from warm to cold, far
    enough apart, and supported by S3.
    """
    by_tier = {move.tier: move for move in (*inner.timeline.moves, *moves)}
    chain = [by_tier[tier] for tier in Tier if tier in by_tier]
    return all(
        can_move(earlier.storage_class, later.storage_class)
        and later.after - earlier.after >= gap_after(earlier.storage_class)
        for earlier, later in pairwise(chain)
    )


def _the_same(
    moves: Sequence[TierTransition], outer: Owned, inner: Owned, keys: KeyPath
) -> Iterator[Setting]:
    """The settings with which the owner would require those transitions itself, for the same
    sizes.
    """
    required = {(move.storage_class, move.after) for move in inner.timeline.moves}
    for move in moves:
        if (move.storage_class, move.after) not in required:
            yield (*keys, move.name), str(move.after)
    if max(outer.unit.moves_from, inner.scope.at_least) < inner.unit.moves_from:
        yield ("smallest_move",), str(Bytes(outer.unit.moves_from))
