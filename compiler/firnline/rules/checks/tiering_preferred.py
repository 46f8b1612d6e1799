"""Would what is already old enough for two tiers go through INTELLIGENT_TIERING first?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject, Turn
from firnline.language.model import Timeline
from firnline.rules.checks.never_versioned import judged
from firnline.rules.program import Program
from firnline.s3.law.classes import RANK
from firnline.s3.terms import Clock

TIERING_PREFERRED = Kind(
    code="FL306",
    name="tiering-preferred",
    severity=Severity.WARNING,
    title="everything that is old enough for both tiers is moved twice",
    why=(
        "Where two transitions are due, S3 prefers INTELLIGENT_TIERING to GLACIER_IR and the"
        " infrequent-access classes (S3 User Guide, how lifecycle handles conflicts). Everything"
        " that is older than both tiers when the rules go live enters INTELLIGENT_TIERING first and"
        " leaves it a day later, and both transitions are billed."
    ),
    help="give the warmer tier another class, or drop one of the two",
    wrong="""\
storage_classes: {warm: INTELLIGENT_TIERING}
retain: {data: {prefix: data/, warm_after: 30d, cold_after: 120d, delete_after: 400d}}
""",
    right="""\
storage_classes: {warm: STANDARD_IA}
retain: {data: {prefix: data/, warm_after: 30d, cold_after: 120d, delete_after: 400d}}
""",
)


def check(program: Program) -> Iterator[Diagnostic]:
    for clock in (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS):
        for owned in program.owned(clock):
            for found in _moved_twice(owned.timeline, clock):
                yield judged(found, program, clock)


CHECK = Check(Subject.PROGRAM, check, (TIERING_PREFERRED,), turn=Turn.LAST)


def _moved_twice(timeline: Timeline, clock: Clock) -> Iterator[Diagnostic]:
    for move, later in combinations(timeline.moves, 2):
        if RANK[move.storage_class] > RANK[later.storage_class]:
            yield TIERING_PREFERRED.at(
                move.span,
                f"{clock.value} older than {later.after} enter {move.storage_class} first",
                also=[(later.span, f"and {later.storage_class} a day later")],
            )
