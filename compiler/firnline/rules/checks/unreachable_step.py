"""Is there a step that no object ever takes?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise, Drop
from firnline.language.check import Check, Subject, Turn
from firnline.rules.checks.never_versioned import judged
from firnline.rules.program import Program
from firnline.rules.prove.idle import idle_moves
from firnline.s3.phrases import singular

UNREACHABLE_STEP = Kind(
    code="FL304",
    name="unreachable-step",
    severity=Severity.WARNING,
    title="this setting changes nothing for any object",
    why=(
        "A setting that does nothing for any object, of any size, class and age, misleads its"
        " readers."
    ),
    help="remove the setting, or change which objects it applies to",
    wrong="""\
retain:
  thumbs: {prefix: thumbs/, size: {under: 100KiB}, warm_after: 30d, delete_after: 90d}
""",
    right="""\
retain:
  thumbs: {prefix: thumbs/, size: {under: 100KiB}, delete_after: 90d}
""",
)


def check(program: Program) -> Iterator[Diagnostic]:
    for owned, clock, move in idle_moves(program):
        at_most = owned.scope.at_most
        too_small = at_most is not None and at_most < owned.unit.moves_from
        found = UNREACHABLE_STEP.at(
            move.span,
            f"no {singular(clock)} here is large enough to move"
            if too_small
            else f"this changes nothing for any {singular(clock)}",
            notes=[f"only what has {owned.unit.moves_from:,} bytes or more moves"]
            if too_small
            else [],
            remedy=(
                Drop(move.name),
                Advise(
                    "lower `smallest_move`" if too_small else "change which objects it applies to"
                ),
            ),
        )
        yield judged(found, program, clock)


CHECK = Check(Subject.PROGRAM, check, (UNREACHABLE_STEP,), turn=Turn.LAST)
