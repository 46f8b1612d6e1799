"""Do objects that a hold keeps follow a transition that would have come after their deletion?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.rules.checks.words import also_matches, by_owner, witness
from firnline.rules.program import Program
from firnline.rules.prove.interference import Moved

_HOLD = (
    "holds: {lit-7: {prefix: data/q3/, ask_again: 2999-12-31, why: discovery request,"
    " approved_by: legal}}\n"
)
HELD_OBJECTS_MOVE = Kind(
    code="FL723",
    name="held-objects-move",
    severity=Severity.NOTE,
    title="objects under a hold follow the transition of a parent prefix",
    why=(
        "S3 applies every rule that matches. While the hold suspends their deletion, the objects"
        " live long enough for a transition that the policies set for a parent prefix."
    ),
    help="to keep them in their storage class, name the sibling prefixes instead of their parent",
    wrong=_HOLD
    + """\
versioning: "off"
retain:
  data: {prefix: data/, archive_after: 14d, delete_after: never}
  q3: {prefix: data/q3/, delete_after: 7d}
""",
    right=_HOLD
    + """\
versioning: "off"
retain:
  data: {prefix: data/new/, archive_after: 14d, delete_after: never}
  q3: {prefix: data/q3/, delete_after: 7d}
""",
)


def check(program: Program) -> Iterator[Diagnostic]:
    if not program.holds:
        return
    refused = {
        (moved[0].clock, moved[0].inner.unit.span) for moved in by_owner(program.as_written, Moved)
    }
    for moved in by_owner(program, Moved):
        first = moved[0]
        if (
            first.inner.before_hold is not None
            and (first.clock, first.inner.unit.span) not in refused
        ):
            yield _follows(program, first)  # else FL303 reports it, hold or not


CHECK = Check(Subject.PROGRAM_UNDER_HOLDS, check, (HELD_OBJECTS_MOVE,))


def _follows(program: Program, moved: Moved) -> Diagnostic:
    outer, inner = moved.outer, moved.inner
    steps = ", ".join(f"to {move.storage_class} at {move.after}" for move in moved.moves)
    names = ", ".join(f"`{hold.name.value}`" for hold in inner.unit.holds)
    return HELD_OBJECTS_MOVE.at(
        inner.unit.span,
        f"{moved.clock.value} that {names} keeps here move {steps}",
        also=[
            (outer.unit.span, also_matches(inner)),
            *((move.span, f"`{move.name}` of {outer.unit.called}") for move in moved.moves),
        ],
        notes=[f"for example {witness(program, moved)}"],
    )
