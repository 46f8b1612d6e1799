"""Does something leave a storage class while its minimum stay is still being billed?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Bound, Drop, WriteValue
from firnline.language.check import Check, Subject
from firnline.language.model import Timeline
from firnline.rules.program import Owned, Program
from firnline.rules.prove.required import requirements
from firnline.s3.law.classes import can_move, minimum_stay
from firnline.s3.terms import BucketType, Clock, Days, Versioning

MINIMUM_DURATION = Kind(
    code="FL502",
    name="minimum-duration",
    severity=Severity.WARNING,
    title="objects leave a storage class before its minimum storage duration",
    why=(
        "AWS bills 30 days in STANDARD_IA and ONEZONE_IA, 90 in GLACIER_IR and GLACIER, and 180"
        " in DEEP_ARCHIVE, even if the object is deleted sooner: the remaining days are billed"
        " without benefit (S3 User Guide, expiring objects)."
    ),
    help="delete later, which costs nothing, or drop the transition",
    wrong="retain: {runs: {prefix: runs/, cold_after: 30d, delete_after: 90d}}",
    right="retain: {runs: {prefix: runs/, cold_after: 30d, delete_after: 120d}}",
)


def check(program: Program) -> Iterator[Diagnostic]:
    """Between two transitions S3 itself requires the same days (FL213), so only the expiration can
    be early.
    """
    if program.buckets[0].type is BucketType.DIRECTORY:
        return  # nothing moves into it
    for objects, old in requirements(program).owners(Clock.OBJECTS, Clock.NONCURRENT_VERSIONS):
        if objects is not None:
            yield from _objects(program, objects, old)
        if old is not None and program.versioning is not Versioning.OFF:
            yield from _short(old.timeline, old.timeline.ends, [])


CHECK = Check(Subject.PROGRAM, check, (MINIMUM_DURATION,))


def _objects(program: Program, objects: Owned, old: Owned | None) -> Iterator[Diagnostic]:
    line = objects.timeline
    if line.ends is None or not line.moves:
        return
    if not _outlives(program, old):
        yield from _short(line, line.ends, [])
    elif old is not None:
        # Hidden, but still in its class until it moves on or ends as a noncurrent version.
        here = max(line.moves, key=lambda each: each.after).storage_class
        leaving = [
            (move.after, move.span)
            for move in old.timeline.moves
            if can_move(here, move.storage_class)
        ]
        end = old.timeline.ends_of(0)
        if end is not None and old.timeline.delete is not None:
            leaving.append((end, old.timeline.delete.span))
        if leaving:
            later, span = min(leaving, key=lambda each: each[0])
            also = [(span, f"{later} later, as a noncurrent version")]
            yield from _short(line, Days(line.ends + later), also)


def _outlives(program: Program, old: Owned | None) -> bool:
    """Whether a deleted object stays as a noncurrent version; if versioning is unknown, whether the
    policy sets anything for noncurrent versions. Objects written while versioning is suspended do
    not stay.
    """
    if program.versioning is None:
        return old is not None
    return program.versioning is Versioning.ENABLED


def _short(
    line: Timeline, leaves: Days | None, also: list[tuple[Span, str]]
) -> Iterator[Diagnostic]:
    if leaves is None or line.ends is None or line.delete is None or not line.moves:
        return
    move = max(line.moves, key=lambda each: each.after)
    fact = minimum_stay(move.storage_class)
    wanted, stays = fact.value if fact else Days(0), leaves - move.after
    if stays < wanted and move.after < line.ends:
        yield MINIMUM_DURATION.at(
            line.delete.span,
            f"{stays} days in {move.storage_class}, and {int(wanted)} are billed",
            also=[(move.span, f"in {move.storage_class} from here on"), *also],
            remedy=(
                WriteValue(
                    str(Days(line.ends + wanted - stays)), Bound.AT_LEAST, "which costs nothing"
                ),
                Drop(move.name, "the transition"),
            ),
        )
