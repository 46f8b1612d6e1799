"""Does a retention require a transition that S3 cannot make?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import ChooseClass
from firnline.language.check import Check, Subject
from firnline.language.checks.timelines import next_transitions
from firnline.language.model import TierTransition
from firnline.rules.program import Program
from firnline.s3.law.classes import STEPS, can_move

UPHILL_MOVE = Kind(
    code="FL204",
    name="uphill-move",
    severity=Severity.ERROR,
    title="S3 has no transition between these storage classes",
    why=(
        "Lifecycle moves objects along a fixed waterfall of storage classes and never back"
        " (S3 User Guide, transitioning objects)."
    ),
    help="choose other classes under `storage_classes`",
    wrong=(
        "storage_classes: {warm: GLACIER_IR, cold: STANDARD_IA}\n"
        "retain: {m: {prefix: m/, warm_after: 30d, cold_after: 180d, delete_after: 365d}}"
    ),
    right=(
        "storage_classes: {warm: STANDARD_IA, cold: GLACIER_IR}\n"
        "retain: {m: {prefix: m/, warm_after: 30d, cold_after: 180d, delete_after: 365d}}"
    ),
)


def check(program: Program) -> Iterator[Diagnostic]:
    for policy in program.policies:
        for earlier, later in next_transitions(policy):
            if not can_move(earlier.storage_class, later.storage_class):
                yield _uphill(earlier, later)


CHECK = Check(Subject.PROGRAM, check, (UPHILL_MOVE,))


def _uphill(earlier: TierTransition, later: TierTransition) -> Diagnostic:
    origin = earlier.storage_class
    return UPHILL_MOVE.at(
        later.span,
        f"S3 has no transition from {origin} to {later.storage_class}",
        also=[(earlier.span, f"in {origin} from here on")],
        remedy=ChooseClass(origin, tuple(STEPS[origin].next)),
    )
