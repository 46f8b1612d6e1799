"""Would the newest noncurrent versions outlive every deletion?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import ChooseEnd
from firnline.language.check import Check, Subject
from firnline.rules.checks.never_versioned import judged
from firnline.rules.checks.sections import section_of
from firnline.rules.program import Program, Unit
from firnline.rules.prove.required import requirements
from firnline.s3.terms import Clock, Days

KEEPS_THE_DELETED = Kind(
    code="FL319",
    name="keeps-the-deleted",
    severity=Severity.ERROR,
    title="a deleted object would be kept for ever as a noncurrent version",
    why=(
        "A deletion makes the object the newest noncurrent version, and those are to be kept for"
        " ever: deleting would free nothing."
    ),
    help="set when they are deleted: `keep_newest: {count: 3, delete_after: 90d}`",
    wrong=(
        "versioning: enabled\nretain: {tmp: {prefix: tmp/, delete_after: 7d,"
        " old_versions: {delete_after: 7d, keep_newest: 3}}}"
    ),
    right=(
        "versioning: enabled\nretain: {tmp: {prefix: tmp/, delete_after: 7d,"
        " old_versions: {delete_after: 7d, keep_newest: {count: 3, delete_after: 90d}}}}"
    ),
)


def check(program: Program) -> Iterator[Diagnostic]:
    for objects, old in requirements(program).owners(Clock.OBJECTS, Clock.NONCURRENT_VERSIONS):
        if objects is None or old is None or objects.timeline.ends is None:
            continue
        newest = old.timeline.keep_newest
        if newest is None or isinstance(newest.delete_after, Days):
            continue
        if old.timeline.ends_of(0) is None:
            assert objects.timeline.delete is not None
            found = KEEPS_THE_DELETED.at(
                newest.span,
                f"the newest {newest.count} are kept for ever",
                also=[(objects.timeline.delete.span, "also what is deleted here")],
                remedy=_until_when(old.unit, newest.count),
            )
            yield judged(found, program, Clock.NONCURRENT_VERSIONS)


def _until_when(unit: Unit, count: int) -> ChooseEnd:
    clock = ("old_versions",)
    newest = (*clock, "keep_newest")
    return ChooseEnd(
        section_of(unit),
        (*newest, "delete_after"),
        such_as="90d",
        beside=(((*newest, "count"), str(count)),),
        within=clock,
        what="set when they are deleted",
    )


CHECK = Check(Subject.PROGRAM, check, (KEEPS_THE_DELETED,))
