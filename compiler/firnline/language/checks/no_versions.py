"""Does a policy set noncurrent versions in a bucket that never had any?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.language.checks.timelines import every_clocks
from firnline.language.model import Folder, Policy
from firnline.s3.terms import Versioning

NO_VERSIONS = Kind(
    code="FL311",
    name="no-versions",
    severity=Severity.NOTE,
    title="a bucket that never had versioning has no noncurrent versions",
    why=(
        "Where versioning was never on, overwritten or deleted data is removed at once, and"
        " settings for noncurrent versions or delete markers have no effect."
    ),
    help="remove it, or enable versioning if overwrites and deletions must be recoverable",
    wrong=(
        "versioning: off\n"
        "retain: {tmp: {prefix: tmp/, delete_after: 30d, old_versions: {delete_after: 7d}}}"
    ),
    right="versioning: off\nretain: {tmp: {prefix: tmp/, delete_after: 30d}}",
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    locked = _locked(folder)
    for policy in folder.policies:
        if _expected(policy, locked) is not Versioning.OFF:
            continue
        for clocks in every_clocks(policy):
            if clocks.old_versions is not None:
                yield NO_VERSIONS.at(clocks.old_versions.span, "there are no noncurrent versions")
            if clocks.delete_markers is not None:
                yield NO_VERSIONS.at(clocks.delete_markers.span, "there are no delete markers")


CHECK = Check(Subject.FOLDER, check, (NO_VERSIONS,))


def _locked(folder: Folder) -> dict[str, Versioning]:
    """By the bucket's name, which is unique in S3."""
    buckets = folder.lock.buckets if folder.lock else ()
    return {bucket.name.value: bucket.versioning for bucket in buckets}


def _expected(policy: Policy, locked: dict[str, Versioning]) -> Versioning | None:
    """The versioning of all the policy's buckets, if it is the same; None where the policy covers a
    pattern and states no versioning: a new bucket may keep versions.
    """
    names = [said.value for entry in policy.applies_to for said in entry.included]
    exact = all(entry.included for entry in policy.applies_to) and not any("*" in n for n in names)
    found = {locked[name] for name in names if name in locked} if exact else set()
    if found:
        return found.pop() if len(found) == 1 else None
    return policy.versioning.value if policy.versioning else None
