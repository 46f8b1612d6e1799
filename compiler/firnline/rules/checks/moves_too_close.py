"""Does an object stay in a class for as long as S3 requires before the next transition?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Bound, DropEither, WriteValue
from firnline.language.check import Check, Subject
from firnline.language.checks.timelines import next_transitions
from firnline.language.model import TierTransition
from firnline.rules.program import Program
from firnline.s3.law.classes import can_move, gap_after
from firnline.s3.terms import Days

MOVES_TOO_CLOSE = Kind(
    code="FL213",
    name="moves-too-close",
    severity=Severity.ERROR,
    title="two transitions are closer together than S3 accepts",
    why=(
        "Within a rule S3 requires 30 days after a transition to an infrequent-access class and 90"
        " after one to GLACIER_IR or GLACIER (InvalidArgument: must be 90 days more than …)."
    ),
    help="make the later transition later, or drop one of the two",
    wrong=("retain: {m: {prefix: m/, cold_after: 30d, archive_after: 100d, delete_after: 365d}}"),
    right="retain: {m: {prefix: m/, cold_after: 30d, archive_after: 120d, delete_after: 365d}}",
)


def check(program: Program) -> Iterator[Diagnostic]:
    for policy in program.policies:
        for earlier, later in next_transitions(policy):
            if later.after > earlier.after:  # out of order: reported elsewhere
                yield from _too_close(earlier, later)


CHECK = Check(Subject.PROGRAM, check, (MOVES_TOO_CLOSE,))


def _too_close(earlier: TierTransition, later: TierTransition) -> Iterator[Diagnostic]:
    gap = gap_after(earlier.storage_class)
    apart = later.after - earlier.after
    if apart < gap and can_move(earlier.storage_class, later.storage_class):
        yield MOVES_TOO_CLOSE.at(
            later.span,
            f"only {apart} days after the transition to {earlier.storage_class};"
            f" S3 requires {int(gap)}",
            also=[(earlier.span, f"in {earlier.storage_class} from here on")],
            remedy=(
                WriteValue(str(Days(earlier.after + gap)), Bound.AT_LEAST),
                DropEither(earlier.name, later.name),
            ),
        )
