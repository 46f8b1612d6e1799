"""Does a retention require a transition that S3 cannot make?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import ChooseClass
from firnline.language.check import Check, Subject
from firnline.language.checks.timelines import timelines
from firnline.language.model import Timeline
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
        for timeline in timelines(policy):
            yield from _uphill(timeline)


CHECK = Check(Subject.PROGRAM, check, (UPHILL_MOVE,))


def _uphill(timeline: Timeline) -> Iterator[Diagnostic]:
    for earlier, later in pairwise(timeline.moves):
        origin, target = earlier.storage_class, later.storage_class
        if not can_move(origin, target):
            yield UPHILL_MOVE.at(
                later.span,
                f"S3 has no transition from {origin} to {target}",
                also=[(earlier.span, f"{origin} since here")],
                remedy=ChooseClass(origin, tuple(STEPS[origin].next)),
            )
