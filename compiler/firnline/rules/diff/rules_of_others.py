"""Which rules of others are live on the buckets of a snapshot of policies?"""

from __future__ import annotations

from dataclasses import replace

from firnline.rules.diff.items import NOT_KNOWN, Snapshot, paired
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.compare.same import without_unknown_classes
from firnline.s3.model import MinimumSize, Rule, RuleSet


def with_rules_of_others(one: Snapshot, other: Snapshot) -> Snapshot:
    """The first snapshot with the rules of others that the second one keeps or replaces: they are
    live, whether or not the policies of the first one covered the bucket; and without those that
    the second one does not know any more. Both are of policies.
    """
    known: dict[object, RuleSet] = {}
    found = {}
    for key, before, after in paired(one, other):
        new, gone = _live(before, after), _gone(before, after)
        if NOT_KNOWN in (before, after) or not (new or gone):
            if key in one or before.rules.rules:
                found[key] = before
            continue
        # Buckets of one program share their rules, and equal pairs are compared once.
        same = id(before.rules), new, gone, _header(before, after)
        if same not in known:
            stay = (rule for rule in before.rules.rules if rule not in gone)
            rules = RuleSet((*stay, *new), _header(before, after))
            known[same] = without_unknown_classes(rules)
        found[key] = replace(before, rules=known[same])
    return found


def _live(before: BucketConfig, after: BucketConfig) -> tuple[Rule, ...]:
    """Those that the first one does not have yet, and does not replace either."""
    theirs = (*after.kept, *after.going)
    return tuple(
        rule for rule in theirs if rule not in before.rules.rules and rule not in before.going
    )


def _gone(before: BucketConfig, after: BucketConfig) -> tuple[Rule, ...]:
    """Those that the first one keeps and that their owner has taken away or changed since."""
    if not after.rules.rules:  # it covers the bucket no more, and all rules stay live
        return ()
    return tuple(rule for rule in before.kept if rule not in (*after.kept, *after.going))


def _header(before: BucketConfig, after: BucketConfig) -> MinimumSize:
    if before.rules.rules or after.program is None:
        return before.rules.minimum_size
    return after.program.buckets[0].minimum_size or MinimumSize.ALL_128K
