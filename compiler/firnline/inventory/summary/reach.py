"""Which rules may act on what counts to one prefix of a summary, and what do they tell apart?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firnline.inventory.forecast.cuts import Cuts, cuts
from firnline.inventory.summary.cut import Cut
from firnline.s3.model import Rule, RuleSet


@dataclass(frozen=True, slots=True)
class Reach:
    """`sides` are the rules of each set, and `rules` all of them; `prefixes` those of rules that
    some of its keys may begin with, and others not. `found` is what the rules tell apart, and
    `tags_known` says whether the summary knows the tags that they filter by. `day` is that of the
    facts.
    """

    sides: tuple[tuple[Rule, ...], ...]
    rules: tuple[Rule, ...]
    prefixes: tuple[str, ...]
    found: Cuts
    filters_by_tags: bool
    tags_known: bool
    is_suspended: bool
    day: int

    @property
    def moved_before(self) -> bool:
        """Whether the rules in force may have moved something."""
        return any(rule.moves for rule in self.sides[0])

    @property
    def expires(self) -> bool:
        """Whether a current version may become noncurrent, or a null version be replaced."""
        return any(rule.expires is not None for rule in self.rules)

    @property
    def singles_out(self) -> bool:
        """Whether of two noncurrent versions of a key the newer one may be deleted first."""
        return any(
            rule.noncurrent_expires is not None and (rule.filter.sized or rule.filter.tags)
            for rule in self.rules
        )


def reach(leaf: str, rule_sets: Sequence[RuleSet], cut: Cut, is_suspended: bool, day: int) -> Reach:
    sets = [RuleSet(tuple(_reaching(leaf, each.rules, cut))) for each in rule_sets]
    rules = tuple(rule for each in sets for rule in each.rules)
    return Reach(
        sides=tuple(each.rules for each in sets),
        rules=rules,
        prefixes=tuple(sorted({rule.filter.prefix for rule in rules} - _begun(leaf))),
        found=cuts(sets, is_suspended),
        filters_by_tags=any(rule.filter.tags for rule in rules),
        tags_known=all(key in cut.tag_keys for rule in rules for key, _ in rule.filter.tags),
        is_suspended=is_suspended,
        day=day,
    )


def _reaching(leaf: str, rules: Sequence[Rule], cut: Cut) -> Iterator[Rule]:
    for rule in rules:
        prefix = rule.filter.prefix
        may_act = leaf.startswith(prefix) or (prefix.startswith(leaf) and _cuts(leaf, prefix, cut))
        if may_act and rule.enabled:
            yield rule


def _cuts(leaf: str, prefix: str, cut: Cut) -> bool:
    """Whether keys that count to a prefix of the summary may begin with a longer one, that begins
    with it: those that begin with another of the summary's prefixes do not count to it.
    """
    return not any(len(each) > len(leaf) and prefix.startswith(each) for each in cut.prefixes)


def _begun(leaf: str) -> set[str]:
    """What all of its keys begin with."""
    return {leaf[:length] for length in range(len(leaf) + 1)}
