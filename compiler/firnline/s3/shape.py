"""Rules → S3's own spelling of them: the shape of boto3 and of the AWS CLI's JSON."""

from __future__ import annotations

from typing import Any

from firnline.s3.model import (
    Filter,
    Rule,
    RuleSet,
)
from firnline.s3.terms import Days, When

Json = dict[str, Any]


def to_s3(rules: RuleSet) -> Json:
    """What PutBucketLifecycleConfiguration takes, the header beside the rules."""
    return {
        **rules_to_s3(rules),
        "TransitionDefaultMinimumObjectSize": rules.minimum_size.value,
    }


def rules_to_s3(rules: RuleSet) -> Json:
    """The rules alone, as the body of a request has them."""
    return {"Rules": [rule_to_s3(rule) for rule in rules.rules]}


def rule_to_s3(rule: Rule) -> Json:
    """One rule; dates as ISO 8601 midnight UTC."""
    shape: Json = {
        "ID": rule.id,
        "Filter": _filter_to_s3(rule.filter),
        "Status": rule.status.value,
    }
    if rule.transitions:
        shape["Transitions"] = [
            {**_when_to_s3(each.when), "StorageClass": each.storage_class}
            for each in rule.transitions
        ]
    if rule.expires is not None:
        shape["Expiration"] = _when_to_s3(rule.expires)
    if rule.removes_sole_markers:
        shape["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    if rule.noncurrent_transitions:
        shape["NoncurrentVersionTransitions"] = [
            {
                "NoncurrentDays": int(each.after),
                "StorageClass": each.storage_class,
                **_newer(each.newer_versions),
            }
            for each in rule.noncurrent_transitions
        ]
    if rule.noncurrent_expires is not None:
        ends = rule.noncurrent_expires
        shape["NoncurrentVersionExpiration"] = {
            "NoncurrentDays": int(ends.after),
            **_newer(ends.newer_versions),
        }
    if rule.aborts_uploads_after is not None:
        days = int(rule.aborts_uploads_after)
        shape["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": days}
    return shape


def _filter_to_s3(filter: Filter) -> Json:
    single: Json = {}
    if filter.prefix:
        single["Prefix"] = filter.prefix
    if filter.larger_than is not None:
        single["ObjectSizeGreaterThan"] = filter.larger_than
    if filter.smaller_than is not None:
        single["ObjectSizeLessThan"] = filter.smaller_than
    tags = [{"Key": key, "Value": value} for key, value in filter.tags]
    if filter.joined:
        return {"And": {**single, **({"Tags": tags} if tags else {})}}
    if tags:
        return {"Tag": tags[0]}
    return single or {"Prefix": ""}


def _when_to_s3(when: When) -> Json:
    if isinstance(when, Days):
        return {"Days": int(when)}
    return {"Date": f"{when.isoformat()}T00:00:00Z"}


def _newer(count: int | None) -> Json:
    return {} if count is None else {"NewerNoncurrentVersions": count}
