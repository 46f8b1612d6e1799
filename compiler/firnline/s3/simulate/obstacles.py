"""What keeps S3 from doing more with an item by now? Found by changing one fact at a time.

Each obstacle is removed in turn; where that changes which action is due, it is a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.simulate.action_due import ActionDue, action_due
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import ReplicationStatus

_MANY = 10**9


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`without` is what would be due if it were not there."""

    reason: str
    without: ActionDue


def obstacles(
    rules: RuleSet, bucket: BucketState, item: StoredItem, at: datetime
) -> tuple[Obstacle, ...]:
    now = action_due(rules, bucket, item, at)
    found = []
    for reason, other_rules, other_bucket, other in _changes(rules, bucket, item):
        without = action_due(other_rules, other_bucket, other, at)
        if without.action not in (LifecycleAction.NONE, now.action) or (
            without.action is now.action and without.storage_class != now.storage_class
        ):
            found.append(Obstacle(reason, without))
    return tuple(found)


_Change = tuple[str, RuleSet, BucketState, StoredItem]


def _changes(rules: RuleSet, bucket: BucketState, item: StoredItem) -> Iterator[_Change]:
    if bucket.mfa_delete:
        yield (
            "the bucket requires MFA for deletions: lifecycle does nothing there",
            *(
                rules,
                replace(bucket, mfa_delete=False),
                item,
            ),
        )
    for reason, other in _changed_items(item):
        yield reason, rules, bucket, other
    for reason, changed in _changed_rules(rules, item):
        yield reason, changed, bucket, item


def _changed_items(item: StoredItem) -> Iterator[tuple[str, StoredItem]]:
    if item.legal_hold:
        yield "a legal hold keeps it", replace(item, legal_hold=False, retain_until=None)
    elif item.retain_until:
        until = f"Object Lock holds it until {item.retain_until:%Y-%m-%d %H:%M}Z"
        yield until, replace(item, retain_until=None)
    if item.awaits_replication:
        pending = item.replication is ReplicationStatus.PENDING
        what = "is still to be replicated" if pending else "was not replicated"
        yield f"it {what}: lifecycle leaves it alone until then", replace(item, replication=None)
    if item.hidden:
        many = "old version" if item.hidden == 1 else "old versions"
        yield f"it still hides {item.hidden} {many}", replace(item, hidden=0)
    if not item.current:
        yield (
            f"it is among the newest old versions, which are kept: {item.newer_noncurrent} are"
            " newer",
            replace(item, newer_noncurrent=_MANY),
        )
        if item.kind is ItemKind.OBJECT_VERSION:
            yield (
                "it is an old version, and the rules that would act cover current versions only",
                replace(item, current=True, noncurrent_since=None, newer_noncurrent=0),
            )
    if item.kind is ItemKind.OBJECT_VERSION and item.storage_class != "STANDARD":
        yield (
            f"S3 moves nothing from {item.storage_class} to the class of the rule",
            replace(item, storage_class="STANDARD", tier=None),
        )


def _changed_rules(rules: RuleSet, item: StoredItem) -> Iterator[tuple[str, RuleSet]]:
    if item.kind is ItemKind.OBJECT_VERSION and item.size < SMALL_OBJECT:
        lifted = tuple(
            replace(rule, filter=replace(rule.filter, larger_than=-1))
            if not rule.filter.sized
            else rule
            for rule in rules.rules
        )
        yield "objects under 128 KiB do not move", replace(rules, rules=lifted)
    for place, rule in enumerate(rules.rules):
        for reason, changed in _changed_rule(rule, item):
            others = (*rules.rules[:place], changed, *rules.rules[place + 1 :])
            yield f"rule `{rule.id}` {reason}", replace(rules, rules=others)


def _changed_rule(rule: Rule, item: StoredItem) -> Iterator[tuple[str, Rule]]:
    filter = rule.filter
    if not rule.enabled:
        yield "is disabled", replace(rule, enabled=True)
    missing = [f"{key}={value}" for key, value in filter.tags if (key, value) not in item.tags]
    if missing and item.kind is ItemKind.OBJECT_VERSION:
        yield f"requires the tag {', '.join(missing)}", _with(rule, replace(filter, tags=()))
    if not filter.admits_size(item.size) and item.kind is not ItemKind.MULTIPART_UPLOAD:
        yield (
            "requires another size",
            _with(rule, replace(filter, larger_than=-1, smaller_than=None)),
        )
    if not item.key.startswith(filter.prefix):
        near = _near_miss(filter.prefix, item.key)
        if near:
            yield (
                f"has the prefix `{filter.prefix}`: {near}",
                _with(rule, replace(filter, prefix="")),
            )


def _with(rule: Rule, filter: Filter) -> Rule:
    return replace(rule, filter=filter)


def _near_miss(prefix: str, key: str) -> str | None:
    """Why a prefix that looks right does not match."""
    if prefix.startswith("/") and key.startswith(prefix.lstrip("/")):
        return "the key does not begin with a slash"
    if key.lower().startswith(prefix.lower()):
        return "the case differs"
    if "*" in prefix and key.startswith(prefix.partition("*")[0]):
        return "S3 takes the asterisk for itself"
    if prefix == f"{key}/":
        return "the key ends before its slash"
    return None
