"""Would the official AWS provider send something else than these rules?

What its generations send, and where that was read, is in `s3/terraform_provider.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import BucketPlace, Place
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Needs, Subject
from firnline.rules.program import Program
from firnline.s3.compare.same import surely_same
from firnline.s3.model import Rule, RuleSet
from firnline.s3.terraform_provider import RESERVED_TAGS, as_sent

PROVIDER_SENDS_OTHERWISE = Kind(
    code="FL710",
    name="provider-sends-otherwise",
    severity=Severity.ERROR,
    title="the AWS provider would send something else than these rules",
    why=(
        "In a filter of several predicates the provider sends an unset lower size bound as 0, which"
        " leaves out empty objects and lifts the 128 KiB floor of transitions, and it drops tags of"
        " AWS, which widens the filter (terraform-provider-aws,"
        " internal/service/s3/bucket_lifecycle_configuration.go)."
    ),
    help="set the lower size bound, and do not filter by tags that begin with `aws:`",
    # Both are one rule as S3 has it.
    wrong=(
        "{ID: firnline/lab/tmp, Status: Enabled, Expiration: {Days: 7},"
        " Filter: {And: {Prefix: tmp/, Tags: [{Key: class, Value: scratch}]}}}"
    ),
    right=(
        "{ID: firnline/lab/tmp, Status: Enabled, Expiration: {Days: 7},"
        " Filter: {And: {Prefix: tmp/, ObjectSizeGreaterThan: 0,"
        " Tags: [{Key: class, Value: scratch}]}}}"
    ),
)


def check(program: Program) -> Iterator[Diagnostic]:
    """Of the rules of others that are kept; ours are made so that they arrive as they are."""
    for kept in program.foreign.kept:
        assert kept.rule is not None, "only readable rules are kept"
        (sent,) = as_sent(RuleSet((kept.rule,))).rules
        if kept.rule != sent or not kept.rule.id:
            yield _not_verbatim(kept.rule, sent, kept.span)


CHECK = Check(Subject.PROGRAM, check, (PROVIDER_SENDS_OTHERWISE,), needs=(Needs.LOCK,))


def check_as_sent(rules: RuleSet, bucket: str, kept: Collection[Rule] = ()) -> Iterator[Diagnostic]:
    """One diagnostic for each rule that would not arrive as intended. Those of others that are
    `kept` must arrive exactly as they are, even where that changes nothing.
    """
    for rule, sent in zip(rules.rules, as_sent(rules).rules, strict=True):
        differences = list(_differences(rule, sent))
        if rule in kept:
            if rule != sent or not rule.id:
                yield _not_verbatim(rule, sent, BucketPlace(bucket))
        elif not surely_same(replace(rules, rules=(rule,)), replace(rules, rules=(sent,))):
            yield PROVIDER_SENDS_OTHERWISE.at(
                BucketPlace(bucket),
                f"rule `{rule.id}`",
                notes=[what for what, _ in differences],
                remedy=Advise(" and ".join(advice for _, advice in differences))
                if differences
                else None,
            )


def _not_verbatim(rule: Rule, sent: Rule, place: Place) -> Diagnostic:
    """Its owner can change it, or a policy can say what it does."""
    named = f"`{rule.id}`" if rule.id else "one without an ID"
    differences = list(_differences(rule, sent))
    advice = " and ".join(advice for _, advice in differences)
    return PROVIDER_SENDS_OTHERWISE.at(
        place,
        f"{named}, which Firnline did not write, cannot be written again as it is",
        notes=[what for what, _ in differences] or ["the provider gives it an ID"],
        remedy=Advise(
            f"let its owner {advice}, and run `firnline resolve`; or let a retention say what it"
            f" does, and adopt it: `adopts: [{rule.id}]`"
            if rule.id
            else "let its owner give it an ID, and run `firnline resolve`"
        ),
    )


def _differences(rule: Rule, sent: Rule) -> Iterator[tuple[str, str]]:
    """What the provider would change, and what to write instead."""
    if rule.filter.larger_than != sent.filter.larger_than:
        yield (
            "the unset lower size bound would be sent as 0: empty objects would not match",
            "set the lower size bound, `ObjectSizeGreaterThan`",
        )
    for key, _ in rule.filter.tags:
        if key.startswith(RESERVED_TAGS) and rule.filter.joined:
            yield (
                f"the tag `{key}` would be dropped, and more objects would match",
                f"leave the tag `{key}` out of the filter",
            )
    if rule.expires != sent.expires:
        yield (
            "an expiration after 0 days would be sent as none",
            "let the expiration be at 1 day or later",
        )
