"""Does deleting free storage, in a bucket that keeps versions?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import SetKeys
from firnline.language.check import Check, Needs, Subject
from firnline.rules.checks.sections import section_of
from firnline.rules.kept_acts import frees_old_versions
from firnline.rules.program import Owned, Program, Unit
from firnline.rules.prove.required import requirements
from firnline.s3.terms import Clock, Versioning

DELETE_FREES_NOTHING = Kind(
    code="FL310",
    name="delete-frees-nothing",
    severity=Severity.ERROR,
    title="deleting frees no storage where versions are kept",
    why=(
        "In a bucket that keeps versions a deletion only adds a delete marker; the bytes stay, and"
        " are billed, until a rule for noncurrent versions destroys them (S3 User Guide)."
    ),
    help="set how long a deleted object can still be recovered: `old_versions: {delete_after: 7d}`",
    wrong="versioning: enabled\nretain: {tmp: {prefix: tmp/, delete_after: 7d}}",
    right=(
        "versioning: enabled\n"
        "retain: {tmp: {prefix: tmp/, delete_after: 7d, old_versions: {delete_after: 7d}}}"
    ),
)


def check(program: Program) -> Iterator[Diagnostic]:
    if program.versioning is None and not program.whole:
        return  # what the file says of versioning may be what could not be read
    if program.versioning is Versioning.OFF:
        return
    for objects, old_versions in requirements(program).owners(
        Clock.OBJECTS, Clock.NONCURRENT_VERSIONS, of_bytes=True
    ):
        if objects is None or not objects.timeline.ends:
            continue  # they stay, or S3 refuses the day (FL208)
        if old_versions is not None and _is_count_alone(old_versions):
            continue  # FL313 says that the others have no end
        if old_versions is None and frees_old_versions(program.kept, objects.scope):
            continue
        if old_versions is None or old_versions.timeline.ends is None:
            yield _diagnostic(program, objects, old_versions)


CHECK = Check(Subject.PROGRAM, check, (DELETE_FREES_NOTHING,), needs=(Needs.LOCK,))


def _is_count_alone(old_versions: Owned) -> bool:
    written = old_versions.before_hold or old_versions.timeline
    return written.keep_newest is not None and written.ends is None


def _diagnostic(program: Program, objects: Owned, old_versions: Owned | None) -> Diagnostic:
    versioning = program.versioning
    assert objects.timeline.delete is not None
    also = []
    if old_versions is not None:
        end = old_versions.timeline.delete
        also.append(
            (end.span if end else old_versions.timeline.span, "noncurrent versions never expire")
        )
    elif objects.unit.policy.versioning is not None:
        also.append((objects.unit.policy.versioning.span, "because the bucket keeps versions"))
    return DELETE_FREES_NOTHING.at(
        objects.timeline.delete.span,
        "this only adds a delete marker"
        if versioning
        else "in a versioned bucket this frees nothing",
        also=also,
        notes=[
            f"`{program.example}` has versioning {versioning.value}: the bytes stay and are billed"
            " until noncurrent versions expire"
            if versioning is not None
            else "whether the bucket keeps versions is not known: there is no lock"
        ],
        severity=Severity.ERROR if versioning else Severity.WARNING,
        remedy=None
        if old_versions or objects.unit.clocks.old_versions
        else _recoverable_for_a_week(objects.unit),
    )


def _recoverable_for_a_week(unit: Unit) -> SetKeys:
    """The number of days is for a person to choose."""
    return SetKeys(
        section_of(unit),
        ((("old_versions", "delete_after"), "7d"),),
        what="set how long a deleted object can still be recovered",
    )
