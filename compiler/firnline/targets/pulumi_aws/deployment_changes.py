"""What does a deployment change for objects? Reported once for all buckets, also in previews.

Pulumi shows which inputs differ, rule by rule and bucket by bucket. A reviewer needs to know what
happens to objects, compared with the live rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from firnline.diagnostics.visible import visible
from firnline.fleet.ownership import is_ours
from firnline.rules.diff.items import BucketNotAnalysed, compare
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.compare.same import unknown_classes
from firnline.s3.model import Rule, RuleSet
from firnline.s3.terraform_provider import as_sent
from firnline.targets.changes_in_short import in_short, names
from firnline.targets.pulumi_aws.proved_rules import BucketState
from firnline.targets.pulumi_aws.rules_of_others import that_go
from firnline.targets.pulumi_aws.write import Write, how_many
from firnline.targets.words import describe

_NOTHING = RuleSet(())


def changes_in_words(writes: Iterable[tuple[Write, RuleSet | None]]) -> str:
    """`writes` are those that the guard accepted, each with the rules that it found live. Empty
    where there are none."""
    first: list[tuple[Write, RuleSet]] = []
    changed: list[tuple[Write, RuleSet]] = []
    lines: list[str] = []
    for write, live in writes:
        has_ours = any(is_ours(rule.id, write.namespace) for rule in (live or _NOTHING).rules)
        going = that_go(live, write)
        lines += _going(going, write)
        (changed if has_ours or going else first).append((write, live or _NOTHING))
    if first:
        many = f"{len(first):,} buckets get" if len(first) > 1 else "1 bucket gets"
        named = names([write.bucket for write, _ in first])
        lines.append(
            f"{many} Firnline's rules for the first time: {named}"
            " (what they do: `firnline compile`)\n"
        )
    lines += _compared(changed)
    return "".join(lines)


def _going(rules: Sequence[Rule], write: Write) -> Iterator[str]:
    """Each in words: it was not Firnline that wrote them, so somebody may miss them."""
    if not rules:
        return
    many = how_many(rules)
    yield f"{write.bucket} loses {many} that Firnline did not write:\n"
    versioning = write.proved_for.versioning if write.proved_for else None
    for rule in rules:
        (line,) = describe(RuleSet((rule,)), versioning)
        yield f"  `{visible(rule.id)}`: {line.subject}: {line.text}\n"


def _compared(changed: Sequence[tuple[Write, RuleSet]]) -> Iterator[str]:
    # Buckets with equal rules share them: equal pairs are compared once.
    shared: dict[tuple[RuleSet, BucketState | None], BucketConfig] = {}
    old, new = {}, {}
    for write, live in changed:
        after = as_sent(write.rules)
        if unknown := unknown_classes(live) | unknown_classes(after):
            named = ", ".join(map(visible, sorted(unknown)))
            yield (
                f"what changes on {write.bucket} is not known:"
                f" a transition into {named} is new to us\n"
            )
            continue
        key = f"{write.account_id}/*/{write.bucket}"
        old[key], new[key] = (
            shared.setdefault((rules, write.proved_for), _config(rules, write.proved_for))
            for rules in (live, after)
        )
    while new:
        try:
            yield in_short(compare(old, new))
            return
        except BucketNotAnalysed as why:
            yield (
                f"what changes on {names([why.bucket])} is not known: too many combinations of tags"
                f" and sizes under `{visible(why.prefix)}`\n"
            )
            del old[why.bucket], new[why.bucket]


def _config(rules: RuleSet, bucket: BucketState | None) -> BucketConfig:
    if bucket is None:
        return BucketConfig(rules)
    return BucketConfig(rules, bucket.versioning, bucket.object_lock)
