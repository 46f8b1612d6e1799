"""Which rules are live as they were, by what is known of their bucket later?"""

from __future__ import annotations

from dataclasses import replace

from firnline.s3.compare.same import surely_same
from firnline.s3.model import Rule, RuleSet


def still_live(rules: RuleSet, later: RuleSet) -> RuleSet:
    """Those of `rules` that `later` has as well, by ID; all where the two do the same."""
    if surely_same(rules, later):
        return rules
    found = {rule.id: rule for rule in later.rules}

    def is_there(rule: Rule) -> bool:
        known = found.get(rule.id)
        return known is not None and surely_same(
            replace(rules, rules=(rule,)), replace(later, rules=(known,))
        )

    return replace(rules, rules=tuple(filter(is_there, rules.rules)))
