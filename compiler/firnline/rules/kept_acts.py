"""Which kept rules of others act on the objects of a bucket where no policy says what happens?

Where a policy sets a clock, a kept rule changes nothing there (FL408): the policy answers for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from firnline.diagnostics.visible import visible
from firnline.s3.model import Rule
from firnline.s3.scope import Scope, Tags
from firnline.s3.terms import Clock

OWNER_OF_KEPT = "nobody: a rule of others"
"""Whom to ask about what a kept rule does."""


def kept_called(rule_id: str) -> str:
    """How a kept rule is named wherever a retention would be."""
    return f"kept rule `{visible(rule_id)}`"


def instead_of_kept(rule_id: str) -> str:
    """What to do about a kept rule that does harm."""
    return (
        f"take it over with `adopts: [{visible(rule_id)}]` and a retention that keeps this longer,"
        " or have its owner change it and run `firnline resolve`"
    )


def acts_on(rule: Rule, clock: Clock) -> bool:
    """Whether it moves or deletes what runs by the clock."""
    if not rule.enabled:
        return False
    match clock:
        case Clock.OBJECTS:
            return bool(rule.transitions) or rule.expires is not None
        case Clock.NONCURRENT_VERSIONS:
            return bool(rule.noncurrent_transitions) or rule.noncurrent_expires is not None
        case Clock.DELETE_MARKERS:
            return rule.removes_sole_markers or rule.expires is not None
        case Clock.MULTIPART_UPLOADS:
            return rule.aborts_uploads_after is not None
        case _:
            assert_never(clock)


def acting(kept: Iterable[Rule], clocks: Iterable[Clock]) -> tuple[Rule, ...]:
    """Those that act on one of the clocks."""
    wanted = tuple(clocks)
    return tuple(rule for rule in kept if any(acts_on(rule, clock) for clock in wanted))


def filter_of(rule: Rule) -> tuple[Tags, int, int]:
    """What of a rule's filter tells apart the objects below its prefix."""
    return rule.filter.scope.filter


def ending_scopes(kept: Iterable[Rule]) -> tuple[Scope, ...]:
    """What they delete, whoever says so."""
    return tuple(rule.filter.scope for rule in kept if rule.enabled and rule.expires is not None)


def frees_old_versions(kept: Iterable[Rule], scope: Scope) -> bool:
    """Whether one of them deletes old versions of all that is in the scope. What spares the newest
    keeps the last version of every object for ever.
    """
    return any(
        rule.enabled
        and rule.noncurrent_expires is not None
        and rule.noncurrent_expires.newer_versions is None
        and rule.filter.scope.holds(scope)
        for rule in kept
    )


def acting_on_item(
    kept: Iterable[Rule], clock: Clock, point: Scope, *, tags_known: bool = True
) -> tuple[Rule, ...]:
    """Those that act on one item by that clock, or may act where its tags are not known; delete
    markers and uploads have no tags.
    """
    untagged = clock in (Clock.DELETE_MARKERS, Clock.MULTIPART_UPLOADS)
    tags = set() if untagged else set(point.tags)
    return tuple(
        rule
        for rule in acting(kept, [clock])
        if point.prefix.startswith(rule.filter.prefix)
        and (not (tags_known or untagged) or set(rule.filter.tags) <= tags)
        and (untagged or rule.filter.admits_size(point.at_least))
    )


def may_not_act(rules: Iterable[Rule], *, tags_known: bool) -> bool:
    """Whether none of those may act, as it depends on tags that are not known."""
    return not tags_known and all(rule.filter.tags for rule in rules)
