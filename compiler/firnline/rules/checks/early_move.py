"""Does an object enter a storage class earlier than S3 allows?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise, Bound, WriteValue
from firnline.language.check import Check, Subject
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.checks.timelines import timelines
from firnline.language.model import Timeline
from firnline.rules.program import Program
from firnline.s3.law.classes import earliest
from firnline.s3.law.facts import holding
from firnline.s3.terms import Days

_LOCK = lock_file().replace("partition: aws\n", "partition: aws-cn\n")
EARLY_MOVE = Kind(
    code="FL205",
    name="early-move",
    severity=Severity.ERROR,
    title="a transition comes earlier than S3 accepts it here",
    why=(
        "In the China regions S3 moves nothing to STANDARD_IA or ONEZONE_IA before day 30"
        " (InvalidArgument: must be greater than or equal to 30); elsewhere that limit was removed"
        " on 2026-07-16."
    ),
    help="write 30d or more, or choose another storage class",
    wrong={
        "fleet.yaml": FLEET,
        "fleet.lock.yaml": _LOCK,
        "policy.yaml": policy_file(
            rest="versioning: off\nretain: {a: {prefix: a/, warm_after: 10d, delete_after: 90d}}\n"
        ),
    },
    right={
        "fleet.yaml": FLEET,
        "fleet.lock.yaml": _LOCK,
        "policy.yaml": policy_file(
            rest="versioning: off\nretain: {a: {prefix: a/, warm_after: 30d, delete_after: 90d}}\n"
        ),
    },
)


def check(program: Program) -> Iterator[Diagnostic]:
    for policy in program.policies:
        for timeline in timelines(policy):
            yield from _early(timeline, program)


CHECK = Check(Subject.PROGRAM, check, (EARLY_MOVE,))


def _early(timeline: Timeline, program: Program) -> Iterator[Diagnostic]:
    partition = program.buckets[0].partition
    for move in timeline.moves:
        row = holding(earliest(move.storage_class), partition, program.as_of)
        if row is not None and move.after < row.value:
            yield EARLY_MOVE.at(
                move.span,
                f"{move.storage_class} at {move.after}, but S3 requires {row.value} here",
                notes=[f"`{program.example}` is in {partition}; {row.source}"],
                remedy=(
                    WriteValue(str(Days(row.value)), Bound.AT_LEAST),
                    Advise("choose another storage class"),
                ),
            )
