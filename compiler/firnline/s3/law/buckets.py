"""Bucket types and newer elements of S3: what each accepts, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from firnline.s3.law.facts import Confidence, Fact
from firnline.s3.law.stated import StatedRule
from firnline.s3.terms import Partition

_NEWS = "general knowledge, for the order only"
_GUIDE = "S3 User Guide, directory-buckets-objects-lifecycle"

# D: what a directory bucket accepts: Expiration.Days and AbortIncompleteMultipartUpload, for a
# prefix and sizes. A general purpose bucket accepts everything, whatever its versioning.
DIRECTORY: Final = Fact(
    ("Expiration.Days", "AbortIncompleteMultipartUpload"),
    Confidence.DOCUMENTED,
    _GUIDE,
    since=date(2024, 12, 1),
)

# Since when S3 has an element; before, it is an unknown one.
ELEMENTS: Final = {
    "Filter": Fact("Filter", Confidence.INFERRED, _NEWS, since=date(2016, 11, 1)),
    "sizes": Fact("sizes", Confidence.INFERRED, _NEWS, since=date(2021, 11, 1)),
    "NewerNoncurrentVersions": Fact(
        "NewerNoncurrentVersions", Confidence.INFERRED, _NEWS, since=date(2021, 11, 1)
    ),
}


def lacking_in_a_directory(rule: StatedRule) -> Iterator[tuple[str, str]]:
    """The elements of a rule that a directory bucket does not accept, with their paths."""
    if rule.scope.tags_at:
        yield "a tag filter", rule.scope.tags_at
    if rule.end.date is not None:
        yield "Date", "Expiration.Date"
    if rule.end.has_marker:
        yield "ExpiredObjectDeleteMarker", "Expiration.ExpiredObjectDeleteMarker"
    for name in rule.actions:
        if name not in ("Expiration", "AbortIncompleteMultipartUpload"):
            yield name.replace("Transitions", "Transition"), name


def ahead_of_time(rule: StatedRule, as_of: date) -> Iterator[str]:
    """Where a rule uses an element that S3 did not know on that day."""
    if (
        rule.scope.scoped
        and not rule.scope.legacy
        and not ELEMENTS["Filter"].holds(Partition.AWS, as_of)
    ):
        yield "Filter"
    if rule.scope.sizes_at and not ELEMENTS["sizes"].holds(Partition.AWS, as_of):
        yield "Filter"
    if rule.newer_at and not ELEMENTS["NewerNoncurrentVersions"].holds(Partition.AWS, as_of):
        yield rule.newer_at[0]
