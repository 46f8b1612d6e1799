"""A rule's filter: are its values within bounds, and may its actions have such a filter?"""

from __future__ import annotations

from typing import Final

from firnline.s3.law import refusals as no
from firnline.s3.law.facts import Confidence, Fact
from firnline.s3.law.limits import (
    LARGEST_SIZE_BOUND,
    LONGEST_PREFIX,
    LONGEST_TAG_KEY,
    LONGEST_TAG_VALUE,
)
from firnline.s3.law.members import Report
from firnline.s3.law.refusals import CAPTURES
from firnline.s3.law.stated import StatedRule, StatedScope

# Which filters an action may have besides a prefix. Actions that are not listed may have any filter
# (D).
PREFIX_ONLY: Final = {
    "ExpiredObjectDeleteMarker": Fact(
        ("prefix",), Confidence.OBSERVED, f"{CAPTURES}; cloudposse/terraform-aws-s3-bucket#137"
    ),
    "AbortIncompleteMultipartUpload": Fact(
        ("prefix",), Confidence.OBSERVED, f"{CAPTURES}; aws-cloudformation/cfn-lint#3554"
    ),
}


def check_values(scope: StatedScope, report: Report) -> None:
    """Lengths, bounds and duplicates."""
    if scope.prefix and len(scope.prefix.encode()) > LONGEST_PREFIX:
        report(no.PREFIX_TOO_LONG, "Prefix" if scope.legacy else _beside(scope, "Prefix"))
    if scope.tags_at:
        _check_tags(scope, report)
    if scope.sizes_at:
        _check_sizes(scope, report)


def check_actions(rule: StatedRule, report: Report) -> None:
    """Removing expired object delete markers and aborting uploads filter by prefix alone."""
    scope = rule.scope
    if not scope.tags_at and not scope.sizes_at:
        return
    for name in PREFIX_ONLY:
        if name == "ExpiredObjectDeleteMarker":
            present, path = rule.end.has_marker, f"Expiration.{name}"
        else:
            present, path = name in rule.actions, name
        if present and scope.tags_at:
            report(no.WITH_TAGS, path, scope.tags_at, action=name)
        if present and scope.sizes_at:
            report(no.WITH_SIZE, path, scope.sizes_at, action=name)


def in_words(scope: StatedScope) -> str:
    """The filter as S3 prints it in messages (observed for prefixes and sizes)."""
    if scope.legacy:
        return f"prefix '{scope.prefix or ''}'"
    said = [] if scope.prefix is None else [f"prefix={scope.prefix}"]
    said += [f"tag={tag.key}={tag.value}" for tag in scope.tags]
    if scope.larger is not None:
        said.append(f"objectsizegreaterthan={scope.larger}")
    if scope.smaller is not None:
        said.append(f"objectsizelessthan={scope.smaller}")
    return f"filter '({' and '.join(said)})'"


def _check_tags(scope: StatedScope, report: Report) -> None:
    first: dict[str, str] = {}
    for tag in scope.tags:
        if not 1 <= _units(tag.key) <= LONGEST_TAG_KEY:
            report(no.TAG_KEY, f"{tag.path}.Key")
        if _units(tag.value) > LONGEST_TAG_VALUE:
            report(no.TAG_VALUE, f"{tag.path}.Value")
        if tag.key in first:
            report(no.TAG_TWICE, f"{tag.path}.Key", first[tag.key])
        first.setdefault(tag.key, f"{tag.path}.Key")


def _check_sizes(scope: StatedScope, report: Report) -> None:
    larger, smaller = scope.larger, scope.smaller
    if larger is not None and not 0 <= larger <= LARGEST_SIZE_BOUND:
        report(no.LARGER_BOUND, _beside(scope, "ObjectSizeGreaterThan"))
    if smaller is not None and not 1 <= smaller <= LARGEST_SIZE_BOUND:
        report(no.SMALLER_BOUND, _beside(scope, "ObjectSizeLessThan"))
    elif smaller is not None and larger is not None and larger >= smaller:
        report(
            no.EMPTY_RANGE,
            _beside(scope, "ObjectSizeLessThan"),
            _beside(scope, "ObjectSizeGreaterThan"),
        )


def _beside(scope: StatedScope, name: str) -> str:
    return f"Filter.And.{name}" if scope.has_and else f"Filter.{name}"


def _units(text: str) -> int:
    """S3 counts UTF-16 code units (observed: 64 astral characters pass as a key, 65 fail)."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
