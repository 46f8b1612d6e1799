"""Do noncurrent versions stay for ever without a policy that says so?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.rules.kept_acts import frees_old_versions
from firnline.rules.program import Program
from firnline.rules.prove.required import requirements
from firnline.s3.terms import Clock, Versioning

VERSIONS_FOREVER = Kind(
    code="FL507",
    name="versions-forever",
    severity=Severity.WARNING,
    title="noncurrent versions are never deleted, and no policy says so",
    why=(
        "In a bucket that keeps versions, all that is overwritten or deleted stays and is billed"
        " until a rule for noncurrent versions deletes it (S3 User Guide, expiring objects)."
    ),
    help=(
        "set how long they stay, `old_versions: {delete_after: 30d}`, or state that they are"
        " kept, `old_versions: {delete_after: never}`"
    ),
    wrong="versioning: enabled\nretain: {models: {prefix: models/, delete_after: never}}",
    right=(
        "versioning: enabled\nretain: {models: {prefix: models/, delete_after: never,"
        " old_versions: {delete_after: 30d}}}"
    ),
)


def check(program: Program) -> Iterator[Diagnostic]:
    """Where objects expire, FL310 reports it; where no policy covers objects, they are no concern
    of this check, nor where a kept rule of others deletes their old versions.
    """
    if program.versioning not in (Versioning.ENABLED, Versioning.SUSPENDED):
        return
    for objects, old in requirements(program).owners(Clock.OBJECTS, Clock.NONCURRENT_VERSIONS):
        if objects is not None and objects.timeline.ends is not None:
            continue
        if old is not None:
            if old.timeline.delete is None and old.timeline.keep_newest is None:
                yield VERSIONS_FOREVER.at(old.timeline.span, "this has no `delete_after`")
        elif (
            objects is not None
            and objects.timeline.delete is not None
            and not frees_old_versions(program.kept, objects.scope)
        ):
            yield VERSIONS_FOREVER.at(
                objects.timeline.delete.span, "what is overwritten or deleted here stays too"
            )


CHECK = Check(Subject.PROGRAM, check, (VERSIONS_FOREVER,))
