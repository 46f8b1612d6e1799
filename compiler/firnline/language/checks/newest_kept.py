"""Can S3 keep the newest noncurrent versions as the policy says?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Subject
from firnline.language.checks.timelines import every_clocks
from firnline.language.model import KeepNewest, Policy, Timeline
from firnline.s3.law.limits import MOST_NEWER_VERSIONS
from firnline.s3.terms import Days

KEEP_NEWEST_RANGE = Kind(
    code="FL206",
    name="keep-newest-range",
    severity=Severity.ERROR,
    title=f"S3's documentation allows 1 to {MOST_NEWER_VERSIONS} newest noncurrent versions",
    why=(
        f"S3 documents NewerNoncurrentVersions from 1 to {MOST_NEWER_VERSIONS}. It refuses 0"
        " (InvalidArgument); that it takes more than it documents is nothing to rely on."
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
    title="the newest noncurrent versions would be deleted before the others",
    why=(
        "The newest noncurrent versions are meant to be kept longer than the rest; S3 would delete"
        " them sooner."
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
        yield _out_of_range(newest)
    if old.ends is None:
        yield COUNT_WITHOUT_DAYS.at(newest.span, "the others are never deleted")
    elif isinstance(newest.delete_after, Days) and newest.delete_after <= old.ends:
        assert old.delete is not None
        yield NEWEST_END_FIRST.at(
            newest.span,
            f"the newest are deleted at {newest.delete_after}",
            also=[(old.delete.span, "the others are deleted here")],
        )


def _out_of_range(newest: KeepNewest) -> Diagnostic:
    """Above the range S3 takes more than it documents: 0 alone means to keep none."""
    if newest.count < 1:
        return KEEP_NEWEST_RANGE.at(newest.span, f"S3 refuses {newest.count}: it accepts 1 or more")
    return KEEP_NEWEST_RANGE.at(
        newest.span,
        f"S3's documentation allows 1 to {MOST_NEWER_VERSIONS}, not {newest.count}",
        remedy=Advise(f"write {MOST_NEWER_VERSIONS} or fewer"),
    )
