"""Are delete markers to be kept where a deletion of objects removes them?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.language.model import Markers
from firnline.rules.checks.never_versioned import judged
from firnline.rules.program import Program
from firnline.rules.prove.required import requirements
from firnline.s3.terms import Clock

MARKER_REMOVED_ANYWAY = Kind(
    code="FL320",
    name="marker-removed-anyway",
    severity=Severity.ERROR,
    title="delete markers cannot be kept where objects are deleted",
    why=(
        "A rule that deletes objects by age also removes a delete marker that hides nothing, once"
        " the marker is that old (S3 User Guide, expiring objects)."
    ),
    help=(
        "write `delete_markers: with_objects` where objects are deleted, or `expire` to remove"
        " markers at once, or keep the objects: `delete_after: never`"
    ),
    wrong=(
        "versioning: enabled\nretain: {tmp: {prefix: tmp/, delete_after: 7d,"
        " old_versions: {delete_after: 7d}, delete_markers: keep}}"
    ),
    right=(
        "versioning: enabled\nretain: {tmp: {prefix: tmp/, delete_after: never,"
        " old_versions: {delete_after: 7d}, delete_markers: keep}}"
    ),
)


def check(program: Program) -> Iterator[Diagnostic]:
    for objects, markers in requirements(program).owners(Clock.OBJECTS, Clock.DELETE_MARKERS):
        if objects is None or markers is None or objects.timeline.ends is None:
            continue
        if objects.scope.tags or objects.scope.at_least:
            continue  # a marker has no tags and no size: such a rule does not match it
        said = markers.unit.clocks.delete_markers
        if said is not None and said.value is Markers.WITH_OBJECTS:
            continue
        if markers.timeline.ends is None:
            assert objects.timeline.delete is not None
            found = MARKER_REMOVED_ANYWAY.at(
                markers.timeline.span,
                f"a marker is removed when it is {objects.timeline.ends} old",
                also=[(objects.timeline.delete.span, "because of this")],
            )
            yield judged(found, program, Clock.DELETE_MARKERS)


CHECK = Check(Subject.PROGRAM, check, (MARKER_REMOVED_ANYWAY,))
