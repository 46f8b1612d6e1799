"""A rule's filter: are its values within bounds, and may its actions have such a filter?"""

from __future__ import annotations

from typing import Final

from firnline.s3.law import refusals as no
from firnline.s3.law.facts import Confidence, Fact
from firnline.s3.law.form import StatedRule
from firnline.s3.law.limits import (
    LARGEST_SIZE_BOUND,
    LONGEST_PREFIX,
    LONGEST_TAG_KEY,
    LONGEST_TAG_VALUE,
)
from firnline.s3.law.members import Report
from firnline.s3.law.refusals import CAPTURES

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


def check_values(rule: StatedRule, report: Report) -> None:
    """Lengths, bounds and duplicates."""
    if rule.prefix and len(rule.prefix.encode()) > LONGEST_PREFIX:
        report(no.PREFIX_TOO_LONG, "Prefix" if rule.legacy else _beside(rule, "Prefix"))
    if rule.tags_at:
        _check_tags(rule, report)
    if rule.has_sizes:
        _check_sizes(rule, report)


def check_actions(rule: StatedRule, report: Report) -> None:
    """Removing expired object delete markers and aborting uploads filter by prefix alone."""
    if not rule.tags_at and not rule.has_sizes:
        return
    for name in PREFIX_ONLY:
        if name == "ExpiredObjectDeleteMarker":
            present, path = rule.has_marker, f"Expiration.{name}"
        else:
            present, path = name in rule.actions, name
        if present and rule.tags_at:
            report(no.WITH_TAGS, path, rule.tags_at, action=name)
        if present and rule.has_sizes:
            report(no.WITH_SIZE, path, _a_size(rule), action=name)


def _check_tags(rule: StatedRule, report: Report) -> None:
    first: dict[str, str] = {}
    for path, (key, value) in zip(rule.tag_paths, rule.tags, strict=True):
        if not 1 <= _units(key) <= LONGEST_TAG_KEY:
            report(no.TAG_KEY, f"{path}.Key")
        if _units(value) > LONGEST_TAG_VALUE:
            report(no.TAG_VALUE, f"{path}.Value")
        if key in first:
            report(no.TAG_TWICE, f"{path}.Key", first[key])
        first.setdefault(key, f"{path}.Key")


def _check_sizes(rule: StatedRule, report: Report) -> None:
    larger, smaller = rule.larger, rule.smaller
    if larger is not None and not 0 <= larger <= LARGEST_SIZE_BOUND:
        report(no.LARGER_BOUND, _beside(rule, "ObjectSizeGreaterThan"))
    if smaller is not None and not 1 <= smaller <= LARGEST_SIZE_BOUND:
        report(no.SMALLER_BOUND, _beside(rule, "ObjectSizeLessThan"))
    elif smaller is not None and larger is not None and larger >= smaller:
        report(
            no.EMPTY_RANGE,
            _beside(rule, "ObjectSizeLessThan"),
            _beside(rule, "ObjectSizeGreaterThan"),
        )


def _beside(rule: StatedRule, name: str) -> str:
    return f"Filter.And.{name}" if rule.has_and else f"Filter.{name}"


def _a_size(rule: StatedRule) -> str:
    only_less = rule.larger is None
    return _beside(rule, "ObjectSizeLessThan" if only_less else "ObjectSizeGreaterThan")


def _units(text: str) -> int:
    """S3 counts UTF-16 code units (observed: 64 astral characters pass as a key, 65 fail)."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def in_words(rule: StatedRule) -> str:
    """The filter as S3 prints it in messages (observed for prefixes and sizes)."""
    if rule.legacy:
        return f"prefix '{rule.prefix or ''}'"
    said = [] if rule.prefix is None else [f"prefix={rule.prefix}"]
    said += [f"tag={key}={value}" for key, value in rule.tags]
    if rule.larger is not None:
        said.append(f"objectsizegreaterthan={rule.larger}")
    if rule.smaller is not None:
        said.append(f"objectsizelessthan={rule.smaller}")
    return f"filter '({' and '.join(said)})'"
