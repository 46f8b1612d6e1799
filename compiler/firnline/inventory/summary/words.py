"""A summary in words: what it is of, and why it cannot tell what rules do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.inventory.summary.cut_through import CutThrough, Unknown
from firnline.inventory.summary.rows import AgesBy
from firnline.inventory.summary.summary import BucketSummary
from firnline.s3.terms import Bytes

_LISTED = 3


def in_words(bucket: BucketSummary) -> str:
    versions = "all versions" if bucket.all_versions else "current versions only"
    if bucket.cut.together:
        versions += ", those of a key together"
    groups = how_many(sum(1 for _ in bucket.rows), "group")
    return (
        f"a summary of {visible(bucket.bucket)} of {bucket.as_of:%Y-%m-%d %H:%M}Z, {groups}, ages"
        f" by {bucket.ages_by.value}, {versions}"
    )


def why_not(bucket: BucketSummary, through: Sequence[CutThrough]) -> str:
    """The rest of a sentence that begins with the summary."""
    reasons = [_reason(each) for each in through] or [_AGE.format(by=_BY[bucket.ages_by])]
    more = f" and {len(reasons) - _LISTED} more" if len(reasons) > _LISTED else ""
    return (
        f"does not tell all that these rules do in {visible(bucket.bucket)}: it does not know"
        f" {', '.join(reasons[:_LISTED])}{more}. What makes it exact: `firnline inventory summary"
        " MANIFEST --for SNAPSHOT --into FILE` with a snapshot of each of the rules, or"
        " --inventory MANIFEST in place of --summary"
    )


_AGE = "on which day of {by} something was made"
_BY = {AgesBy.DAY: "a day", AgesBy.WEEK: "a week", AgesBy.FOUR_WEEKS: "4 weeks"}


def _reason(each: CutThrough) -> str:
    match each.unknown:
        case Unknown.PREFIX:
            return f"how much is below `{visible(each.at)}`"
        case Unknown.SIZE:
            return f"how much is smaller than {Bytes(int(each.at))}"
        case Unknown.AGE:
            return _AGE.format(by=_BY[AgesBy(each.at)])
        case Unknown.VERSIONS:
            return "which versions are of one key"
        case _:
            assert_never(each.unknown)
