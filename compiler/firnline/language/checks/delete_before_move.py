"""Does a transition happen on the day of the deletion, or later?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.language.checks.timelines import timelines
from firnline.language.model import Policy

DELETE_BEFORE_MOVE = Kind(
    code="FL203",
    name="delete-before-move",
    severity=Severity.ERROR,
    title="an expiration comes before a transition",
    why=(
        "S3 refuses a rule whose expiration is not later than its last transition (InvalidArgument:"
        " 'Days' in the Expiration action must be greater than 'Days' in the Transition action)."
    ),
    help="drop the transition, or delete later",
    wrong="retain: {tmp: {prefix: tmp/, cold_after: 90d, delete_after: 30d}}",
    right="retain: {tmp: {prefix: tmp/, cold_after: 30d, delete_after: 120d}}",
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    for timeline in timelines(policy):
        if timeline.ends is None or timeline.delete is None or timeline.ends == 0:
            continue
        for move in timeline.moves:
            if move.after >= timeline.ends:
                yield DELETE_BEFORE_MOVE.at(
                    move.span,
                    f"deleted at {timeline.ends}, so the transition to `{move.tier}`"
                    f" at {move.after} never happens",
                    also=[(timeline.delete.span, "deleted here")],
                )


CHECK = Check(Subject.POLICY, check, (DELETE_BEFORE_MOVE,))
