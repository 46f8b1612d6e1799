"""Do two configurations do the same to every possible item, from every start?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from firnline.s3.compare.applied import Applied, markers_and_uploads_of
from firnline.s3.compare.atoms import Atom, of_rule
from firnline.s3.compare.cells import NotAnalysed, cells, regions, with_bytes
from firnline.s3.compare.difference import Difference, Facts, of_markers_and_uploads, of_objects
from firnline.s3.compare.table import Atoms
from firnline.s3.law.classes import RANK
from firnline.s3.model import Rule, RuleSet

ANY = Facts(locks=True)


def same(one: RuleSet, other: RuleSet, facts: Facts = ANY) -> bool:
    """Whether they do the same to every item. Raises `NotAnalysed`."""
    return next(differences(one, other, facts), None) is None


def surely_same(one: RuleSet, other: RuleSet) -> bool:
    """Whether they do the same on any bucket, for callers that must be certain before a write.

    Where this cannot be proved, because there are too many cells or a storage class is unknown to
    `s3/law`, only rule sets made of the same actions count as the same. Never raises.
    """
    if _made_of(one) == _made_of(other):
        return True
    if unknown_classes(one) or unknown_classes(other):
        return False
    try:
        return same(one, other, Facts(locks=True))
    except NotAnalysed:
        return False


def unknown_classes(rules: RuleSet) -> set[str]:
    """Classes that `s3/law` does not know: which transitions reach them and when they win is
    unknown.
    """
    moves = {move.storage_class for rule in rules.rules for move in rule.transitions}
    moves |= {move.storage_class for rule in rules.rules for move in rule.noncurrent_transitions}
    return {str(each) for each in moves if each not in RANK}


def without_unknown_classes(rules: RuleSet) -> RuleSet:
    """Without the transitions into them: what ends, and when, does not depend on these."""
    unknown = unknown_classes(rules)
    if not unknown:
        return rules
    return replace(
        rules,
        rules=tuple(
            replace(
                rule,
                transitions=tuple(
                    each for each in rule.transitions if str(each.storage_class) not in unknown
                ),
                noncurrent_transitions=tuple(
                    each
                    for each in rule.noncurrent_transitions
                    if str(each.storage_class) not in unknown
                ),
            )
            for rule in rules.rules
        ),
    )


def differences(
    one: RuleSet, other: RuleSet, facts: Facts = ANY, *, with_empty: bool = True
) -> Iterator[Difference]:
    """Where they differ: for each region and each pair of effects the first cell, with the simplest
    state in which they do. Objects of 0 bytes count `with_empty` alone.

    Only regions that a changed rule reaches are looked at. Raises `NotAnalysed`.
    """
    for region, ours, theirs in regions_apart(one, other):
        yield from _in_region(region[-1], ours, theirs, facts, with_empty=with_empty)


def regions_apart(one: RuleSet, other: RuleSet) -> Iterator[tuple[tuple[str, ...], Atoms, Atoms]]:
    """The regions that different actions reach, each with the actions of `one` and of `other`."""
    changed = {rule.filter.prefix for rule in _changed(one, other)}
    if not changed:
        return
    both = Applied(one, _near(one, changed)), Applied(other, _near(other, changed))
    for region in regions(both[0].prefixes | both[1].prefixes):
        if not changed.isdisjoint(region):
            ours, theirs = (applied.atoms(region) for applied in both)
            if ours.rows != theirs.rows:
                yield region, ours, theirs


def _made_of(rules: RuleSet) -> frozenset[tuple[str, Atom]]:
    return frozenset(
        (rule.filter.prefix, atom)
        for rule in rules.rules
        for atom in of_rule(rule, rules.minimum_size)
    )


def _near(rules: RuleSet, changed: set[str]) -> Iterable[Rule]:
    """The rules that match a key that a changed rule matches; all rules, where so many changed that
    checking each would cost more.
    """
    if len(changed) > 20:
        return rules.rules
    longer = tuple(changed)
    return (
        rule
        for rule in rules.rules
        if (prefix := rule.filter.prefix).startswith(longer)
        or any(each.startswith(prefix) for each in longer)
    )


def _changed(one: RuleSet, other: RuleSet) -> Iterator[Rule]:
    """Rules that are not in both rule sets, identical and under the same ID."""
    if one.minimum_size is not other.minimum_size:
        yield from chain(one.rules, other.rules)
        return
    before = {rule.id: rule for rule in one.rules}
    after = {rule.id: rule for rule in other.rules}
    if len(before) < len(one.rules) or len(after) < len(other.rules):
        yield from chain(one.rules, other.rules)
        return
    yield from (rule for rule in one.rules if after.get(rule.id) != rule)
    yield from (rule for rule in other.rules if before.get(rule.id) != rule)


def _in_region(
    prefix: str, ours: Atoms, theirs: Atoms, facts: Facts, *, with_empty: bool
) -> Iterator[Difference]:
    yield from of_markers_and_uploads(
        prefix, markers_and_uploads_of(ours), markers_and_uploads_of(theirs), facts
    )
    seen: set[tuple[int, int]] = set()
    found = cells(prefix, ours.filters | theirs.filters)
    for cell in found if with_empty else with_bytes(found):
        pair = ours.first(ours.matching(cell)), theirs.first(theirs.matching(cell))
        if pair not in seen:
            seen.add(pair)
            yield from of_objects(cell, ours.effect(pair[0]), theirs.effect(pair[1]), facts)
