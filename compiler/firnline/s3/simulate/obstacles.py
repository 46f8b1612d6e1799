"""What keeps S3 from doing more with an item by now? Found by changing one fact at a time.

Each obstacle is removed in turn; where that changes which action is due, it is a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.simulate.action_due import ActionDue, action_due
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem

_MANY = 10**9


class Reason(Enum):
    """What of a bucket or an item keeps S3 from an action."""

    MFA_DELETE = "MFA delete"
    LEGAL_HOLD = "legal hold"
    RETAINED = "retained by Object Lock"
    NOT_REPLICATED = "not replicated"
    HIDES_VERSIONS = "hides versions"
    AMONG_NEWEST = "among the newest versions"
    NONCURRENT = "noncurrent"
    UNREACHABLE_CLASS = "no transition from its class"
    SMALL_OBJECT = "small object"


class Mismatch(Enum):
    """Why a rule says nothing of an item."""

    DISABLED = "rule is disabled"
    LACKS_TAG = "lacks a tag"
    OTHER_SIZE = "another size"
    LEADING_SLASH = "prefix begins with a slash"
    OTHER_CASE = "prefix in another case"
    ASTERISK = "prefix with an asterisk"
    ENDS_BEFORE_SLASH = "key ends before the slash of the prefix"


@dataclass(frozen=True, slots=True)
class InRule:
    rule: Rule
    mismatch: Mismatch


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`without` is what would be due if it were not there."""

    cause: Reason | InRule
    without: ActionDue


def obstacles(
    rules: RuleSet, bucket: BucketState, item: StoredItem, at: datetime
) -> tuple[Obstacle, ...]:
    now = action_due(rules, bucket, item, at)
    found = []
    for cause, other_rules, other_bucket, other in _changes(rules, bucket, item):
        without = action_due(other_rules, other_bucket, other, at)
        if without.action not in (LifecycleAction.NONE, now.action) or (
            without.action is now.action and without.storage_class != now.storage_class
        ):
            found.append(Obstacle(cause, without))
    return tuple(found)


_Change = tuple[Reason | InRule, RuleSet, BucketState, StoredItem]


def _changes(rules: RuleSet, bucket: BucketState, item: StoredItem) -> Iterator[_Change]:
    if bucket.mfa_delete:
        yield Reason.MFA_DELETE, rules, replace(bucket, mfa_delete=False), item
    for reason, other in _changed_items(item):
        yield reason, rules, bucket, other
    for cause, changed in _changed_rules(rules, item):
        yield cause, changed, bucket, item


def _changed_items(item: StoredItem) -> Iterator[tuple[Reason, StoredItem]]:
    if item.legal_hold:
        yield Reason.LEGAL_HOLD, replace(item, legal_hold=False, retain_until=None)
    elif item.retain_until:
        yield Reason.RETAINED, replace(item, retain_until=None)
    if item.awaits_replication:
        yield Reason.NOT_REPLICATED, replace(item, replication=None)
    if item.hidden:
        yield Reason.HIDES_VERSIONS, replace(item, hidden=0)
    if not item.current:
        yield Reason.AMONG_NEWEST, replace(item, newer_noncurrent=_MANY)
        if item.kind is ItemKind.OBJECT_VERSION:
            yield (
                Reason.NONCURRENT,
                replace(item, current=True, noncurrent_since=None, newer_noncurrent=0),
            )
    if item.kind is ItemKind.OBJECT_VERSION and item.storage_class != "STANDARD":
        yield Reason.UNREACHABLE_CLASS, replace(item, storage_class="STANDARD", tier=None)


def _changed_rules(rules: RuleSet, item: StoredItem) -> Iterator[tuple[Reason | InRule, RuleSet]]:
    if item.kind is ItemKind.OBJECT_VERSION and item.size < SMALL_OBJECT:
        lifted = tuple(
            replace(rule, filter=replace(rule.filter, larger_than=-1))
            if not rule.filter.sized
            else rule
            for rule in rules.rules
        )
        yield Reason.SMALL_OBJECT, replace(rules, rules=lifted)
    for place, rule in enumerate(rules.rules):
        for mismatch, changed in _changed_rule(rule, item):
            others = (*rules.rules[:place], changed, *rules.rules[place + 1 :])
            yield InRule(rule, mismatch), replace(rules, rules=others)


def _changed_rule(rule: Rule, item: StoredItem) -> Iterator[tuple[Mismatch, Rule]]:
    filter = rule.filter
    if not rule.enabled:
        yield Mismatch.DISABLED, replace(rule, enabled=True)
    if item.kind is ItemKind.OBJECT_VERSION and not set(filter.tags) <= set(item.tags):
        yield Mismatch.LACKS_TAG, _with(rule, replace(filter, tags=()))
    if not filter.admits_size(item.size) and item.kind is not ItemKind.MULTIPART_UPLOAD:
        any_size = replace(filter, larger_than=-1, smaller_than=None)
        yield Mismatch.OTHER_SIZE, _with(rule, any_size)
    if not item.key.startswith(filter.prefix):
        near = _near_miss(filter.prefix, item.key)
        if near:
            yield near, _with(rule, replace(filter, prefix=""))


def _with(rule: Rule, filter: Filter) -> Rule:
    return replace(rule, filter=filter)


def _near_miss(prefix: str, key: str) -> Mismatch | None:
    """Why a prefix that looks right does not match."""
    if prefix.startswith("/") and key.startswith(prefix.lstrip("/")):
        return Mismatch.LEADING_SLASH
    if key.lower().startswith(prefix.lower()):
        return Mismatch.OTHER_CASE
    if "*" in prefix and key.startswith(prefix.partition("*")[0]):
        return Mismatch.ASTERISK
    if prefix == f"{key}/":
        return Mismatch.ENDS_BEFORE_SLASH
    return None
