"""What keeps S3 from doing more with an item, in words."""

from __future__ import annotations

from collections.abc import Collection
from typing import assert_never

from firnline.diagnostics.how_many import how_many
from firnline.rules.kept_acts import kept_called
from firnline.s3.model import Rule
from firnline.s3.simulate.obstacles import InRule, Mismatch, Obstacle, Reason
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import ReplicationStatus


def in_words(obstacle: Obstacle, item: StoredItem, kept: Collection[str] = ()) -> str:
    cause = obstacle.cause
    if isinstance(cause, InRule):
        by = kept_called(cause.rule.id) if cause.rule.id in kept else f"rule `{cause.rule.id}`"
        return f"{by} {_of_rule(cause.mismatch, cause.rule, item)}"
    return _of_item(cause, item)


def _of_item(reason: Reason, item: StoredItem) -> str:
    match reason:
        case Reason.MFA_DELETE:
            return "the bucket requires MFA for deletions: lifecycle does nothing there"
        case Reason.LEGAL_HOLD:
            return "a legal hold keeps it"
        case Reason.RETAINED:
            return f"Object Lock holds it until {item.retain_until:%Y-%m-%d %H:%M}Z"
        case Reason.NOT_REPLICATED:
            pending = item.replication is ReplicationStatus.PENDING
            what = "is still to be replicated" if pending else "was not replicated"
            return f"it {what}: lifecycle leaves it alone until then"
        case Reason.HIDES_VERSIONS:
            return f"it still hides {how_many(item.hidden, 'noncurrent version')}"
        case Reason.AMONG_NEWEST:
            return (
                "it is among the newest noncurrent versions, which are kept:"
                f" {item.newer_noncurrent} are newer"
            )
        case Reason.NONCURRENT:
            return (
                "it is a noncurrent version, and the rules that would act cover current"
                " versions only"
            )
        case Reason.UNREACHABLE_CLASS:
            return f"S3 moves nothing from {item.storage_class} to the class of the rule"
        case Reason.SMALL_OBJECT:
            return "objects under 128 KiB do not move"
        case _:
            assert_never(reason)


def _of_rule(mismatch: Mismatch, rule: Rule, item: StoredItem) -> str:
    prefix = f"has the prefix `{rule.filter.prefix}`"
    match mismatch:
        case Mismatch.DISABLED:
            return "is disabled"
        case Mismatch.LACKS_TAG:
            missing = [tag for tag in rule.filter.tags if tag not in item.tags]
            return f"requires the tag {', '.join(f'{key}={value}' for key, value in missing)}"
        case Mismatch.OTHER_SIZE:
            return "requires another size"
        case Mismatch.LEADING_SLASH:
            return f"{prefix}: the key does not begin with a slash"
        case Mismatch.OTHER_CASE:
            return f"{prefix}: the case differs"
        case Mismatch.ASTERISK:
            return f"{prefix}: S3 takes the asterisk for itself"
        case Mismatch.ENDS_BEFORE_SLASH:
            return f"{prefix}: the key ends before its slash"
        case _:
            assert_never(mismatch)
