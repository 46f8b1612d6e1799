"""What does the official AWS provider send to S3 for these rules?

Read in terraform-provider-aws v6, internal/service/s3/bucket_lifecycle_configuration.go: the
`Expand` methods and the plan modifiers before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import BucketPlace
from firnline.s3.compare.same import surely_same
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.terms import Days

_OF_AWS = "aws:"

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
    # Both are one rule as S3 has it: policies cannot express such a filter yet.
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


def as_sent(rules: RuleSet) -> RuleSet:
    """The configuration that arrives at S3 when these rules are given to the provider."""
    return replace(rules, rules=tuple(_rule(rule) for rule in rules.rules))


def check_as_sent(rules: RuleSet, bucket: str) -> Iterator[Diagnostic]:
    """One diagnostic for each rule that would not arrive as intended."""
    for rule, sent in zip(rules.rules, as_sent(rules).rules, strict=True):
        if not surely_same(replace(rules, rules=(rule,)), replace(rules, rules=(sent,))):
            yield PROVIDER_SENDS_OTHERWISE.at(
                BucketPlace(bucket),
                f"rule `{rule.id}`",
                notes=list(_differences(rule, sent)),
            )


def _rule(rule: Rule) -> Rule:
    # ZeroInt32AsNull: an expiration after 0 days is sent without days, and then does nothing.
    expires = None if rule.expires == Days(0) else rule.expires
    return replace(rule, filter=_filter(rule.filter), expires=expires)


def _filter(filter: Filter) -> Filter:
    if not filter.joined:
        return filter
    # LegacyValue: 0 where the bound is new, and nothing on an update that finds one in the state.
    # A value that depends on the state counts as 0 here; an explicit bound is sent unchanged.
    larger_than = filter.larger_than if filter.larger_than is not None else 0
    own = tuple(
        (key, value) for key, value in filter.tags if not key.startswith(_OF_AWS)
    )  # IgnoreAWS
    return replace(filter, larger_than=larger_than, tags=own)


def _differences(rule: Rule, sent: Rule) -> Iterator[str]:
    if rule.filter.larger_than != sent.filter.larger_than:
        yield "the unset lower size bound would be sent as 0: empty objects would not match"
    for key, _ in rule.filter.tags:
        if key.startswith(_OF_AWS) and rule.filter.joined:
            yield f"the tag `{key}` would be dropped, and more objects would match"
    if rule.expires != sent.expires:
        yield "an expiration after 0 days would be sent as none"
