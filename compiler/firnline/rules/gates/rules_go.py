"""Does a write take away rules that somebody else wrote? Each rule is one item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from firnline.diagnostics.kinds import Kind, Severity
from firnline.diagnostics.visible import visible
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.rules.diff.changes import changes, facts_of
from firnline.rules.diff.items import Comparison
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.diff.words import few, in_words, subject
from firnline.rules.gates.gate import Circumstances, Gate, GatedItem
from firnline.s3.compare.cells import NotAnalysed
from firnline.s3.compare.same import differences, unknown_classes, without_unknown_classes
from firnline.s3.model import Rule, RuleSet

_LOCK: Final = lock_file(
    facts=(
        '      foreign_rules: [\'{"ID": "by-hand", "Status": "Enabled",'
        ' "Filter": {"Prefix": "old/"}, "Expiration": {"Days": 30}}\']\n'
    )
)


def _files(after: str) -> dict[str, str]:
    said = {"before": "foreign_rules: keep\n", "after": after}
    return {
        f"{side}/{name}": text
        for side, rest in said.items()
        for name, text in {
            "fleet.yaml": FLEET,
            "fleet.lock.yaml": _LOCK,
            "policy.yaml": policy_file(rest=f"versioning: off\n{rest}"),
        }.items()
    }


RULES_GO = Kind(
    code="FL422",
    name="rules-go",
    severity=Severity.GATE,
    title="a rule that Firnline did not write is taken off a bucket",
    why=(
        "Somebody wrote it for a reason, and may count on what it deletes or moves. Each rule is an"
        " item to approve, as it is now. Where the bucket's rules do the same afterwards, for all"
        " objects that are not empty, there is nothing to approve."
    ),
    help="have it approved, or keep the rule: `foreign_rules: keep`",
    wrong=_files("foreign_rules: replace\n"),
    right=_files("adopts: by-hand\nretain: {old: {prefix: old/, delete_after: 30d}}\n"),
)


def items(around: Circumstances) -> Iterator[GatedItem]:
    buckets: dict[Rule, list[str]] = {}
    for key, (before, after) in sorted(around.found.pairs.items()):
        going = [rule for rule in after.going if _goes(rule, before)]
        if going and not _do_the_same(before, after, going):
            for rule in going:
                buckets.setdefault(rule.in_order, []).append(key)
    for rule, keys in buckets.items():
        yield _item(rule, tuple(keys), around.found)


def gone(rule: Rule) -> str:
    """What is approved, in words."""
    return f"the rule {visible(rule.id)} is taken away"


def _goes(rule: Rule, before: BucketConfig) -> bool:
    """Whether it is live, and does not go already by what is compared with. Of one that moves into
    a class that is new to us, a comparison has not all.
    """
    is_live = rule.in_order in (each.in_order for each in before.rules.rules)
    is_not_compared = bool(unknown_classes(RuleSet((rule,))))
    return (is_live or is_not_compared) and rule not in before.going


def _do_the_same(before: BucketConfig, after: BucketConfig, going: Iterable[Rule]) -> bool:
    """To objects of at least one byte: the AWS provider excludes empty ones from rules with several
    predicates. But to empty ones as well where a rule that goes is about nothing else.
    """
    going = tuple(going)
    if unknown_classes(RuleSet(going)):
        return False
    facts = facts_of(before, after)
    of_empty = any(rule.enabled and rule.filter.at_most == 0 for rule in going)
    try:
        found = differences(before.rules, after.rules, facts, with_empty=of_empty)
        return next(found, None) is None
    except NotAnalysed:
        return False


def _item(rule: Rule, buckets: tuple[str, ...], found: Comparison) -> GatedItem:
    before, _ = found.pairs[buckets[0]]
    alone = RuleSet((rule,), before.rules.minimum_size)
    config = BucketConfig(without_unknown_classes(alone), before.versioning)
    does = changes(BucketConfig(RuleSet(())), config) if rule.enabled else ()
    said = [f"{subject(each)}: {in_words(each)[1]}" for each in does]
    said += [f"moves into {visible(each)}" for each in sorted(unknown_classes(alone))]
    old = "; ".join(said) if rule.enabled else "disabled, does nothing"
    message = f"`{visible(rule.id)}` on {few(buckets)} is taken away: {old}"
    return GatedItem(None, buckets, does, old, gone(rule), (Gate(RULES_GO, message),), rule=rule)
