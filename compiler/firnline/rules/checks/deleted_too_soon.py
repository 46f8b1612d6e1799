"""Is data deleted sooner than the project's `floor` allows?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Needs, Subject
from firnline.language.project import Project
from firnline.rules.program import Owned, Program
from firnline.rules.prove.required import requirements
from firnline.s3.terms import Clock, Days, Versioning

DELETED_TOO_SOON = Kind(
    code="FL403",
    name="deleted-too-soon",
    severity=Severity.GATE,
    title="data is deleted sooner than the project's floor",
    why=(
        "A missing digit, 18d for 180d, does the most harm where it leaves a few days: by the"
        " time it is noticed, the data is gone. `floor` in firnline.toml sets the age below which"
        " a deletion is reported (7d)."
    ),
    help="delete later, or lower `floor` in firnline.toml, or have it approved: `firnline approve`",
    wrong="retain: {runs: {prefix: runs/, delete_after: 3d}}",
    right="retain: {runs: {prefix: runs/, delete_after: 30d}}",
)


def check(program: Program, project: Project) -> Iterator[Diagnostic]:
    for objects, old in requirements(program).owners(Clock.OBJECTS, Clock.NONCURRENT_VERSIONS):
        if objects is None or not objects.timeline.ends:
            continue  # 0d is FL208
        later = _recoverable_for(program, old)
        if later is not None and objects.timeline.ends + later < project.floor:
            yield _diagnostic(objects, old if later else None, project.floor)


CHECK = Check(Subject.PROGRAM, check, (DELETED_TOO_SOON,), needs=(Needs.PROJECT,))


def _recoverable_for(program: Program, old: Owned | None) -> Days | None:
    """For how long the bytes outlive the deletion; None where they are kept for ever.

    While versioning is suspended, objects are written with the version ID `null`, and are deleted
    at once (S3 User Guide, expiring objects). Where versioning is unknown, the shorter time counts.
    """
    if program.versioning is not Versioning.ENABLED:
        return Days(0)
    return old.timeline.ends_of(0) if old is not None else None


def _diagnostic(objects: Owned, old: Owned | None, floor: Days) -> Diagnostic:
    ends, delete = objects.timeline.ends, objects.timeline.delete
    assert ends is not None
    assert delete is not None
    if old is None or old.timeline.delete is None:
        return DELETED_TOO_SOON.at(delete.span, f"gone after {ends}; the floor is {floor}")
    more = old.timeline.ends_of(0)
    assert more is not None
    return DELETED_TOO_SOON.at(
        delete.span,
        f"bytes gone after {Days(ends + more)}; the floor is {floor}",
        also=[(old.timeline.delete.span, f"{more} after the deletion")],
    )
