"""Which action is due for one stored item at one moment, by which rule, and which ones lost?

Sources: S3 User Guide, "How S3 Lifecycle handles conflicts in lifecycle configurations", "Lifecycle
configuration elements", "Lifecycle and other bucket configurations", "Transitioning objects". What
is only inferred is marked where it is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from firnline.s3.law.classes import RANK, SMALL_TARGETS, reachable
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import MinimumSize, Rule, RuleSet
from firnline.s3.simulate.clock import due_after
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import Versioning


@dataclass(frozen=True, slots=True)
class Candidate:
    """One action of one rule, and since when it is due."""

    action: LifecycleAction
    due: datetime | None
    rule: Rule
    storage_class: str | None = None

    @property
    def rank(self) -> tuple[int, int]:
        """Which of several wins: a permanent deletion before a transition before a delete marker;
        among transitions the cheaper class, but INTELLIGENT_TIERING before GLACIER_IR and the
        infrequent-access classes (S3 User Guide, conflicts; the order as a whole is inferred)."""
        if self.action.destroys:
            return 2, 0
        return (1, RANK[self.storage_class]) if self.storage_class else (0, 0)


@dataclass(frozen=True, slots=True)
class ActionDue:
    """The one action that is due, and since when; `lost` had fallen due as well."""

    action: LifecycleAction
    due: datetime | None = None
    storage_class: str | None = None
    rules: tuple[Rule, ...] = ()
    lost: tuple[Candidate, ...] = ()


NOTHING = ActionDue(LifecycleAction.NONE)


def action_due(rules: RuleSet, bucket: BucketState, item: StoredItem, at: datetime) -> ActionDue:
    """The action that is due for the item at a moment: at most one, and none before its day."""
    return best(each for each in candidates(rules, bucket, item, at) if is_due(each, at))


def is_due(candidate: Candidate, at: datetime) -> bool:
    return candidate.due is not None and candidate.due <= at


def best(due: Iterable[Candidate]) -> ActionDue:
    """Which of several due actions S3 takes; with all rules that have it, the earliest first."""
    ranked = sorted(due, key=lambda each: (tuple(-part for part in each.rank), each.due))
    if not ranked:
        return NOTHING
    first = ranked[0]
    won = [each for each in ranked if each.rank == first.rank]
    return ActionDue(
        first.action,
        first.due,
        first.storage_class,
        tuple(each.rule for each in won),
        tuple(ranked[len(won) :]),
    )


def candidates(
    rules: RuleSet, bucket: BucketState, item: StoredItem, at: datetime
) -> Iterator[Candidate]:
    """The actions of the rules, due or not, without those that S3 cannot take on the item as it is
    then.
    """
    if bucket.mfa_delete or item.awaits_replication or at < item.created:
        # S3 User Guide, lifecycle and other bucket configurations: no lifecycle with MFA delete;
        # what is still to be replicated, or could not be, is neither expired nor moved.
        return
    for rule in rules.rules:
        if rule.enabled and matches(rule, item):
            wanted = _candidates_for(rule, bucket, item)
            yield from (c for c in wanted if _can_be_done(c, rules.minimum_size, item, at))


def matches(rule: Rule, item: StoredItem) -> bool:
    """Whether the filter matches; of an upload only the key is known."""
    filter = rule.filter
    if not item.key.startswith(filter.prefix):
        return False
    if item.kind is ItemKind.MULTIPART_UPLOAD:
        return True
    return filter.admits_size(item.size) and all(tag in item.tags for tag in filter.tags)


def _candidates_for(rule: Rule, bucket: BucketState, item: StoredItem) -> Iterator[Candidate]:
    if item.kind is ItemKind.MULTIPART_UPLOAD:
        if rule.aborts_uploads_after is not None:
            due = due_after(item.created, rule.aborts_uploads_after)
            yield Candidate(LifecycleAction.ABORT_UPLOAD, due, rule)
    elif item.kind is ItemKind.DELETE_MARKER or not item.current:
        if bucket.versioning is not Versioning.OFF:
            candidate = _for_marker if item.current else _for_noncurrent
            yield from candidate(rule, item)
    else:
        for move in rule.transitions:
            due = due_after(item.created, move.when)
            yield Candidate(LifecycleAction.TRANSITION, due, rule, move.storage_class)
        if rule.expires is not None:
            off = bucket.versioning is Versioning.OFF
            action = LifecycleAction.EXPIRE if off else LifecycleAction.DELETE_MARKER
            yield Candidate(action, due_after(item.created, rule.expires), rule)


def _for_marker(rule: Rule, item: StoredItem) -> Iterator[Candidate]:
    """A delete marker is removed once it hides nothing: by its flag whatever its age, by days when
    it is old enough itself (S3 User Guide, "Removing expired object delete markers").
    """
    if item.hidden:
        return
    if rule.removes_sole_markers:
        yield Candidate(LifecycleAction.REMOVE_DELETE_MARKER, item.created, rule)
    if rule.expires is not None:
        due = due_after(item.created, rule.expires)
        yield Candidate(LifecycleAction.REMOVE_DELETE_MARKER, due, rule)


def _for_noncurrent(rule: Rule, item: StoredItem) -> Iterator[Candidate]:
    """Of a noncurrent version. One that has N newer noncurrent ones is beyond the newest N (API
    reference, NoncurrentVersionExpiration; the User Guide's example says "more than": open)."""
    assert item.noncurrent_since is not None
    if item.kind is ItemKind.OBJECT_VERSION:
        for move in rule.noncurrent_transitions:
            if item.newer_noncurrent >= (move.newer_versions or 0):
                due = due_after(item.noncurrent_since, move.after)
                yield Candidate(LifecycleAction.TRANSITION, due, rule, move.storage_class)
    ends = rule.noncurrent_expires
    if ends is not None and item.newer_noncurrent >= (ends.newer_versions or 0):
        due = due_after(item.noncurrent_since, ends.after)
        yield Candidate(LifecycleAction.DELETE_VERSION, due, rule)


def _can_be_done(candidate: Candidate, floor: MinimumSize, item: StoredItem, at: datetime) -> bool:
    match candidate.action:
        case LifecycleAction.TRANSITION:
            assert candidate.storage_class is not None
            return reachable(item.storage_class, candidate.storage_class, item.tier) and (
                _may_move_at(item.size, candidate, floor)
            )
        case LifecycleAction.DELETE_VERSION | LifecycleAction.EXPIRE:
            return not item.locked_at(at)
        case (
            LifecycleAction.NONE
            | LifecycleAction.DELETE_MARKER
            | LifecycleAction.REMOVE_DELETE_MARKER
            | LifecycleAction.ABORT_UPLOAD
        ):
            return True
        case _:
            assert_never(candidate.action)


def _may_move_at(size: int, candidate: Candidate, floor: MinimumSize) -> bool:
    """S3's minimum size for transitions, which a size filter replaces (S3 User Guide, transition
    considerations; the header x-amz-transition-default-minimum-object-size).
    """
    if size >= SMALL_OBJECT or candidate.rule.filter.sized:
        return True
    return floor is MinimumSize.VARIES and candidate.storage_class in SMALL_TARGETS
