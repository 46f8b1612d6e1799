"""Does a policy require something that S3 does not support on a directory bucket?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.rules.program import Program
from firnline.s3.terms import BucketType, Clock

_LOCK = lock_file().replace("general-purpose", "directory")
DIRECTORY_BUCKET = Kind(
    code="FL211",
    name="bucket-kind",
    severity=Severity.ERROR,
    title="a directory bucket has no transitions, no versions and no tags",
    why=(
        "S3 Express accepts only Expiration.Days and AbortIncompleteMultipartUpload there (S3"
        " User Guide, directory buckets, object lifecycle)."
    ),
    help="use `delete_after` and `uploads` alone, or exclude the bucket",
    wrong={
        "fleet.yaml": FLEET,
        "fleet.lock.yaml": _LOCK,
        "policy.yaml": policy_file(
            rest="retain: {tmp: {prefix: tmp/, cold_after: 3d, delete_after: 9d}}\n"
        ),
    },
    right={
        "fleet.yaml": FLEET,
        "fleet.lock.yaml": _LOCK,
        "policy.yaml": policy_file(rest="retain: {tmp: {prefix: tmp/, delete_after: 9d}}\n"),
    },
)


def check(program: Program) -> Iterator[Diagnostic]:
    if program.buckets[0].type is not BucketType.DIRECTORY:
        return
    for owned in program.owned(Clock.OBJECTS):
        for move in owned.timeline.moves:
            yield DIRECTORY_BUCKET.at(move.span, f"`{program.example}` is a directory bucket")
    for retention in (each for policy in program.policies for each in policy.retentions):
        for tag in retention.tags:
            message = f"`{program.example}` is a directory bucket: its objects have no tags"
            yield DIRECTORY_BUCKET.at(tag.key.span, message)
    for clock in (Clock.NONCURRENT_VERSIONS, Clock.DELETE_MARKERS):
        for owned in program.owned(clock):
            message = f"`{program.example}` is a directory bucket: it has no {clock.value}"
            yield DIRECTORY_BUCKET.at(owned.timeline.span, message)


CHECK = Check(Subject.PROGRAM, check, (DIRECTORY_BUCKET,))
