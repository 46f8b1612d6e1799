"""Do two configurations ask the same of every object? Equality after taking rules apart.

S3 applies every rule that matches, so a rule means the sum of its single actions, whatever its
ID, its place in the list, or its companions in one rule.
"""

from __future__ import annotations

from collections.abc import Iterable

from firnline.rules.ir import Filter, MinimumSize, Rule, RuleSet

Action = tuple[Filter, object]


def meaning(rules: Iterable[Rule]) -> frozenset[Action]:
    """The single actions of the enabled rules, each with the filter it stands under."""
    return frozenset(action for rule in rules if rule.enabled for action in _actions(rule))


def same(one: RuleSet, other: RuleSet) -> bool:
    """Whether both ask the same; the minimum size matters only where something moves."""
    return meaning(one.rules) == meaning(other.rules) and _floor(one) == _floor(other)


def _floor(rules: RuleSet) -> MinimumSize | None:
    moves = any(rule.enabled and rule.moves for rule in rules.rules)
    return rules.minimum_size if moves else None


def _actions(rule: Rule) -> list[Action]:
    single: list[object] = [*rule.transitions, *rule.noncurrent_transitions]
    if rule.expires is not None:
        single.append(("expires", rule.expires))
    if rule.removes_sole_markers:
        single.append("removes sole markers")
    if rule.noncurrent_expires is not None:
        single.append(rule.noncurrent_expires)
    if rule.aborts_uploads_after is not None:
        single.append(("aborts uploads", rule.aborts_uploads_after))
    return [(rule.filter, action) for action in single]
