"""`RuleSet` → the `Args` classes of `aws.s3.BucketLifecycleConfiguration`.

Args classes throughout: dicts in the documented snake_case reach the provider with keys that it
ignores (pulumi/pulumi#18810, pulumi/pulumi-aws#5271), and a misspelt key passes.
"""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_aws.s3 import (
    BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs as Abort,
)
from pulumi_aws.s3 import BucketLifecycleConfigurationRuleArgs as RuleArgs
from pulumi_aws.s3 import BucketLifecycleConfigurationRuleExpirationArgs as Expiration
from pulumi_aws.s3 import BucketLifecycleConfigurationRuleFilterAndArgs as FilterAnd
from pulumi_aws.s3 import BucketLifecycleConfigurationRuleFilterArgs as FilterArgs
from pulumi_aws.s3 import BucketLifecycleConfigurationRuleFilterTagArgs as FilterTag
from pulumi_aws.s3 import (
    BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs as OldExpiration,
)
from pulumi_aws.s3 import (
    BucketLifecycleConfigurationRuleNoncurrentVersionTransitionArgs as OldTransition,
)
from pulumi_aws.s3 import BucketLifecycleConfigurationRuleTransitionArgs as TransitionArgs

from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.terms import Days, When
from firnline.targets.pulumi_aws.order import arranged


def to_arguments(rules: RuleSet, last: Sequence[str] = ()) -> list[RuleArgs]:
    """`last` are the IDs in the order in which they were last written."""
    return [_rule(rule) for rule in arranged(rules.rules, last)]


def _rule(rule: Rule) -> RuleArgs:
    old_end, abort = rule.noncurrent_expires, rule.aborts_uploads_after
    return RuleArgs(
        id=rule.id,
        status=rule.status.value,
        filter=_filter(rule.filter),
        transitions=[
            TransitionArgs(
                days=_days(each.when), date=_date(each.when), storage_class=each.storage_class
            )
            for each in rule.transitions
        ]
        or None,
        expiration=_expiration(rule),
        noncurrent_version_transitions=[
            OldTransition(
                noncurrent_days=int(each.after),
                storage_class=each.storage_class,
                newer_noncurrent_versions=each.newer_versions,
            )
            for each in rule.noncurrent_transitions
        ]
        or None,
        noncurrent_version_expiration=(
            OldExpiration(
                noncurrent_days=int(old_end.after),
                newer_noncurrent_versions=old_end.newer_versions,
            )
            if old_end
            else None
        ),
        abort_incomplete_multipart_upload=(
            Abort(days_after_initiation=int(abort)) if abort is not None else None
        ),
    )


def _filter(filter: Filter) -> FilterArgs:
    """The whole bucket is `prefix: ""`: an absent filter is sent as an empty one."""
    if filter.joined:
        return FilterArgs(
            and_=FilterAnd(
                prefix=filter.prefix or None,
                tags=dict(filter.tags) or None,
                object_size_greater_than=filter.larger_than,
                object_size_less_than=filter.smaller_than,
            )
        )
    if filter.tags:
        key, value = filter.tags[0]
        return FilterArgs(tag=FilterTag(key=key, value=value))
    if filter.larger_than is not None:
        return FilterArgs(object_size_greater_than=filter.larger_than)
    if filter.smaller_than is not None:
        return FilterArgs(object_size_less_than=filter.smaller_than)
    return FilterArgs(prefix=filter.prefix)


def _expiration(rule: Rule) -> Expiration | None:
    if rule.expires is not None:
        return Expiration(days=_days(rule.expires), date=_date(rule.expires))
    return Expiration(expired_object_delete_marker=True) if rule.removes_sole_markers else None


def _days(when: When) -> int | None:
    return int(when) if isinstance(when, Days) else None


def _date(when: When) -> str | None:
    """RFC 3339, whatever the SDK's docs say: the provider refuses anything shorter."""
    return None if isinstance(when, Days) else f"{when.isoformat()}T00:00:00Z"
