"""Can an object match the filter of a retention or promise, and does S3 support it for actions?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.language.model import Policy, Retention
from firnline.language.tag import Tag
from firnline.s3.law.limits import MOST_TAGS

TOO_MANY_TAGS = Kind(
    code="FL209",
    name="too-many-tags",
    severity=Severity.ERROR,
    title="no object can carry so many tags",
    why="An object has at most 10 tags. S3 accepts such a rule, but it never has any effect.",
    help="name fewer tags",
    wrong="retain: {t: {prefix: t/, delete_after: 7d, tags: {"
    + ", ".join(f"key-{number}: x" for number in range(11))
    + "}}}",
    right="retain: {t: {prefix: t/, delete_after: 7d, tags: {key-1: x, key-2: [y, z]}}}",
)
EMPTY_SIZE_RANGE = Kind(
    code="FL210",
    name="empty-size-range",
    severity=Severity.ERROR,
    title="no object has such a size",
    why="Both bounds are exclusive, so there must be a size between them.",
    help="make `under` at least two bytes larger than `over`, and at least 2B",
    wrong="retain: {t: {prefix: t/, delete_after: 7d, size: {over: 1GiB, under: 1MiB}}}",
    right="retain: {t: {prefix: t/, delete_after: 7d, size: {over: 1MiB, under: 1GiB}}}",
)
FILTER_TOO_FINE = Kind(
    code="FL322",
    name="filter-too-fine",
    severity=Severity.ERROR,
    title="incomplete multipart uploads and delete markers have neither tags nor size",
    why=(
        "S3 refuses a rule that limits AbortIncompleteMultipartUpload or ExpiredObjectDeleteMarker"
        " by tags or size (InvalidRequest: cannot be specified with Tags)."
    ),
    help="set it in a retention that has only a prefix, or at the top level",
    wrong="retain: {t: {prefix: t/, tags: {a: b}, delete_after: 7d, uploads: {abort_after: 1d}}}",
    right="retain: {t: {prefix: t/, tags: {a: b}, delete_after: 7d}}\nuploads: {abort_after: 1d}",
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    for promise in policy.promises:
        yield from _tags(promise.tags)
    for retention in policy.retentions:
        yield from _tags(retention.tags)
        yield from _size(retention)
        if retention.is_filtered:
            yield from _not_filtered(retention)


CHECK = Check(
    Subject.POLICY,
    check,
    (
        TOO_MANY_TAGS,
        EMPTY_SIZE_RANGE,
        FILTER_TOO_FINE,
    ),
)


def _tags(tags: Sequence[Tag]) -> Iterator[Diagnostic]:
    if len(tags) > MOST_TAGS:
        extra = tags[MOST_TAGS]
        yield TOO_MANY_TAGS.at(extra.key.span, f"this is tag {MOST_TAGS + 1} of {len(tags)}")


def _size(retention: Retention) -> Iterator[Diagnostic]:
    size = retention.size
    if size is None or size.under is None:
        return
    over = -1 if size.over is None else size.over.value
    if size.under.value - over < 2 or size.under.value < 2:
        also = [(size.over.span, "over this")] if size.over else []
        yield EMPTY_SIZE_RANGE.at(
            size.under.span, f"no size is under {size.under.value}", also=also
        )


def _not_filtered(retention: Retention) -> Iterator[Diagnostic]:
    for said in (retention.clocks.uploads, retention.clocks.delete_markers):
        if said is not None:
            message = "this cannot be limited to the tags or sizes of the retention"
            yield FILTER_TOO_FINE.at(said.span, message)
