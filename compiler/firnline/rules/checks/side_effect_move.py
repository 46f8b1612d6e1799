"""Would objects follow a move that only a prefix above theirs asks for?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.model import Move, Versioning
from firnline.rules.checks.longer_child import cuts_short
from firnline.rules.checks.words import also_matches, asked, example_key
from firnline.rules.law import RANK, can_move
from firnline.rules.program import Clock, Owned, Program, nested

SIDE_EFFECT_MOVE = Kind(
    code="FL303",
    name="side-effect-move",
    severity=Severity.ERROR,
    title="objects would also follow the move of a prefix above theirs",
    why=(
        "S3 applies every rule that matches. A retention says all that happens to what it names,"
        " so a move that comes from elsewhere is not what was asked."
    ),
    help="write the same move in both, or name the siblings instead of their parent",
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
    for clock in (Clock.OBJECTS, Clock.OLD_VERSIONS):
        for inner, above in nested(program.owned(clock)):
            if any(cuts_short(outer, inner) for outer in above):
                continue  # FL301 says it, with the same cure
            for outer in above:
                moves = [
                    move
                    for move in outer.timeline.moves
                    if not _is_harmless(move, outer, inner, program, clock)
                ]
                if moves:
                    yield _side_effect(program, clock, moves, outer, inner)
                    break  # once per entry: the cure is the same for the others


def _is_harmless(move: Move, outer: Owned, inner: Owned, program: Program, clock: Clock) -> bool:
    """Whether what the inner timeline asks is the same with and without the outer one's move.

    Careful rather than exact: two overdue moves are ranked, so an own move protects only if it is
    no later, moves as small objects, wins the ranking, and leaves a class from which S3 cannot make
    the other one.
    """
    ends = inner.timeline.ends
    if ends is not None and _deletes_first(ends, move.after, program, clock):
        return True
    if inner.scope.at_most is not None and inner.scope.at_most < outer.unit.moves_from:
        return True
    smallest = max(inner.scope.at_least, outer.unit.moves_from)
    return max(inner.scope.at_least, inner.unit.moves_from) <= smallest and any(
        own.after <= move.after
        and (
            own.storage_class == move.storage_class
            or (
                RANK[own.storage_class] > RANK[move.storage_class]
                and not can_move(own.storage_class, move.storage_class)
            )
        )
        for own in inner.timeline.moves
    )


def _deletes_first(ends: int, moves: int, program: Program, clock: Clock) -> bool:
    # A permanent deletion comes before a move that is due as well, a delete marker after it
    # (S3 User Guide, how lifecycle handles conflicts). So where versions are kept, an object that
    # is older than both when the rules go live moves first, and only then gets its marker.
    permanent = clock is Clock.OLD_VERSIONS or program.versioning is Versioning.OFF
    return permanent and ends <= moves


def _side_effect(
    program: Program, clock: Clock, moves: list[Move], outer: Owned, inner: Owned
) -> Diagnostic:
    steps = ", ".join(f"to {move.storage_class} at {move.after}" for move in moves)
    return SIDE_EFFECT_MOVE.at(
        inner.unit.span,
        f"{asked(clock)} here would also move {steps}",
        also=[
            (outer.unit.span, also_matches(inner)),
            *((move.span, f"`{move.name}` of {outer.unit.called}") for move in moves),
        ],
        notes=[f"for example {example_key(program, inner)}", *_overdue(moves, inner, clock)],
        help=_remedy(moves, outer, inner, clock),
    )


def _overdue(moves: list[Move], inner: Owned, clock: Clock) -> list[str]:
    if not _only_overdue(moves, inner, clock):
        return []
    return [
        f"the deletion at {inner.timeline.ends} does not prevent it: objects that are already older"
        " when the rules go live move first, as a delete marker ranks below a move"
    ]


def _only_overdue(moves: list[Move], inner: Owned, clock: Clock) -> bool:
    ends = inner.timeline.ends
    return clock is Clock.OBJECTS and ends is not None and all(m.after >= ends for m in moves)


def _remedy(moves: list[Move], outer: Owned, inner: Owned, clock: Clock) -> str:
    same = ", ".join(f"{move.name}: {move.after}" for move in moves)
    siblings = f"name the siblings instead of `{outer.prefix or 'the whole bucket'}`"
    if outer.prefix == inner.prefix:
        siblings = f"drop it in {outer.unit.called}"
    if _only_overdue(moves, inner, clock):
        return siblings
    return f"write `{same}` in {inner.unit.called} too, or {siblings}"
