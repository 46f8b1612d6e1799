"""Can S3 keep the newest old versions as the policy says?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.language.checks.timelines import every_clocks
from firnline.language.model import KeepNewest, Policy, Timeline
from firnline.s3.law.limits import MOST_NEWER_VERSIONS
from firnline.s3.terms import Days

KEEP_NEWEST_RANGE = Kind(
    code="FL206",
    name="keep-newest-range",
    severity=Severity.ERROR,
    title=f"S3 keeps from 1 to {MOST_NEWER_VERSIONS} of the newest versions",
    why=(
        f"S3 documents NewerNoncurrentVersions from 1 to {MOST_NEWER_VERSIONS}, and refuses 0"
        " (InvalidArgument)."
    ),
    help="leave `keep_newest` out to keep none",
    wrong="versioning: enabled\nold_versions: {delete_after: 7d, keep_newest: 0}",
    right="versioning: enabled\nold_versions: {delete_after: 7d, keep_newest: 3}",
)
COUNT_WITHOUT_DAYS = Kind(
    code="FL313",
    name="count-without-days",
    severity=Severity.ERROR,
    title="a number of newest versions is kept, but the others are never deleted",
    why=(
        "S3 accepts a count of versions only together with a number of days (MalformedXML without)."
    ),
    help="set when the others are deleted, `delete_after: 1d`, or leave `keep_newest` out",
    wrong="versioning: enabled\nold_versions: {archive_after: 7d, keep_newest: 3}",
    right=(
        "versioning: enabled\nold_versions: {archive_after: 7d, delete_after: 400d, keep_newest: 3}"
    ),
)
NEWEST_END_FIRST = Kind(
    code="FL323",
    name="newest-end-first",
    severity=Severity.ERROR,
    title="the newest old versions would be deleted before the others",
    why=(
        "The newest old versions are meant to be kept longer than the rest; S3 would delete them"
        " sooner."
    ),
    help="keep the newest longer than the others",
    wrong=(
        "versioning: enabled\n"
        "old_versions: {delete_after: 30d, keep_newest: {count: 3, delete_after: 7d}}"
    ),
    right=(
        "versioning: enabled\n"
        "old_versions: {delete_after: 7d, keep_newest: {count: 3, delete_after: 30d}}"
    ),
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    for clocks in every_clocks(policy):
        old = clocks.old_versions
        if old is not None and old.keep_newest is not None:
            yield from _problems(old, old.keep_newest)


CHECK = Check(
    Subject.POLICY,
    check,
    (
        KEEP_NEWEST_RANGE,
        COUNT_WITHOUT_DAYS,
        NEWEST_END_FIRST,
    ),
)


def _problems(old: Timeline, newest: KeepNewest) -> Iterator[Diagnostic]:
    if not 1 <= newest.count <= MOST_NEWER_VERSIONS:
        message = f"{newest.count} is not from 1 to {MOST_NEWER_VERSIONS}"
        yield KEEP_NEWEST_RANGE.at(newest.span, message)
    if old.ends is None:
        yield COUNT_WITHOUT_DAYS.at(newest.span, "the others are never deleted")
    elif isinstance(newest.delete_after, Days) and newest.delete_after <= old.ends:
        assert old.delete is not None
        yield NEWEST_END_FIRST.at(
            newest.span,
            f"the newest are deleted at {newest.delete_after}",
            also=[(old.delete.span, "the others are deleted here")],
        )
