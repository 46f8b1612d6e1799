"""What should the owner of an imported policy know that the policy itself does not say?"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from firnline.fleet.imported.acting import Acting
from firnline.fleet.imported.idle import Idle, idle, in_words
from firnline.fleet.imported.model import ImportedPolicy, Relation
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import MinimumSize, RuleSet
from firnline.s3.terms import Clock, Versioning
from firnline.s3.terraform_provider import as_sent


def remarks(
    acting: Acting, policy: ImportedPolicy, unnamed: Collection[str], relation: Relation
) -> Iterator[str]:
    """`unnamed` are rules that had no ID."""
    yield from _of_rules(acting, policy)
    yield from _kept(policy)
    if unnamed:
        yield (
            f"{_several(sorted(unnamed))} had no ID in what was read, and S3 gives live rules one:"
            " import from the live bucket, so that `adopts` can name them"
        )
    if relation is Relation.BUT_FOR_EMPTY_OBJECTS:
        yield (
            "retentions with tags or sizes do not reach objects of 0 bytes, on which the rules"
            " acted too: those stay as they are"
        )
    if acting.minimum_size is not policy.minimum_size:
        yield (
            "the bucket's minimum size for transitions, varies_by_storage_class, makes no"
            " difference to these rules, and becomes S3's default"
        )
    elif policy.minimum_size is MinimumSize.VARIES:
        yield (
            "the bucket has S3's older minimum size for transitions: GLACIER and DEEP_ARCHIVE take"
            " objects under 128KiB too"
        )
    for each in policy.retentions:
        if each.smallest_move is not None and each.smallest_move < SMALL_OBJECT:
            yield (
                f"`{each.name}` moves objects under 128KiB too, as the rules did: a size in a"
                " filter lifts S3's minimum"
            )


def _of_rules(acting: Acting, policy: ImportedPolicy) -> Iterator[str]:
    for rule in acting.rules:
        if not rule.enabled:
            yield f"rule `{rule.id}` was disabled: nothing of it is here"
    stay = {stays.rule for stays in policy.kept}
    for each in idle(acting, policy.bucket.versioning):
        if each.rule in stay:
            continue
        if each.all_of_it:
            yield f"rule `{each.rule.id}` never acted: {_why(each, policy)}"
        else:
            actions = " and ".join(map(in_words, each.actions))
            yield f"{actions} of rule `{each.rule.id}` never took effect: {_why(each, policy)}"


def _why(found: Idle, policy: ImportedPolicy) -> str:
    if not found.actions:
        return "it has no action"
    of_versions = (Clock.NONCURRENT_VERSIONS, Clock.DELETE_MARKERS)
    if policy.bucket.versioning is Versioning.OFF and all(
        each.clock in of_versions for each in found.actions
    ):
        return "the bucket has never kept versions"
    if found.beside is None:
        return "other rules act before it"
    return f"rule `{found.beside.id}` acts before it on the same objects"


def _kept(policy: ImportedPolicy) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for stays in policy.kept:
        by_reason.setdefault(stays.reason, []).append(stays.rule.id)
    for reason, ids in by_reason.items():
        stay = "stays as it is" if len(ids) == 1 else "stay as they are"
        yield f"{_several(ids)} {stay}: {reason}"
    rules = RuleSet(tuple(stays.rule for stays in policy.kept))
    both = zip(rules.rules, as_sent(rules).rules, strict=True)
    altered = [rule.id for rule, sent in both if rule != sent]
    if altered:
        yield (
            f"{_several(altered)} would not arrive as written: the AWS provider sends another"
            " filter, so that `pulumi up` refuses (FL710) until the owner of the rule sets its"
            " lower size bound"
        )


def _several(ids: list[str]) -> str:
    told = ", ".join(f"`{each}`" for each in ids)
    return f"rule {told}" if len(ids) == 1 else f"rules {told}"
