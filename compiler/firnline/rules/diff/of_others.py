"""Whose is a change: a retention's, or that of rules of others, which no retention owns?"""

from __future__ import annotations

from firnline.rules.diff.boxes import EVERYTHING
from firnline.rules.diff.items import Comparison, ReviewItem
from firnline.rules.diff.where import Where
from firnline.rules.kept_acts import acts_on
from firnline.s3.model import Rule


def whose(item: ReviewItem, found: Comparison) -> str:
    """Empty where nobody knows."""
    if item.change.retention:
        return item.change.retention
    others = rules_of_others(item, found)
    return f"rule of others {', '.join(f'`{each}`' for each in others)}" if others else ""


def rules_of_others(item: ReviewItem, found: Comparison) -> tuple[str, ...]:
    """The IDs of those that the policies keep or replace, and that act on what changes."""
    if item.change.retention:
        return ()
    ids = (
        rule.id
        for key in item.buckets
        for config in found.pairs.get(key, ())
        for rule in (*config.kept, *config.going)
        if _is_part(rule, item)
    )
    return tuple(dict.fromkeys(ids))


def _is_part(rule: Rule, item: ReviewItem) -> bool:
    prefix = rule.filter.prefix
    return acts_on(rule, item.change.clock) and any(
        _meets(prefix, where) for where in item.change.where
    )


def _meets(prefix: str, where: Where) -> bool:
    if any(
        prefix.startswith(each.prefix) and not each.outside and each.boxes == EVERYTHING
        for each in where.excluded
    ):
        return False
    return any(each.startswith(prefix) or prefix.startswith(each) for each in where.prefixes)
