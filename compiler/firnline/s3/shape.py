"""Rules ↔ S3's own spelling of them (the shape of boto3 and of the AWS CLI's JSON)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from firnline.s3.model import (
    Filter,
    MinimumSize,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.terms import Days, StorageClass, When

Json = dict[str, Any]


def to_s3(rules: RuleSet) -> Json:
    """What PutBucketLifecycleConfiguration takes, the header beside the rules."""
    return {
        "Rules": [rule_to_s3(rule) for rule in rules.rules],
        "TransitionDefaultMinimumObjectSize": rules.minimum_size.value,
    }


def rule_to_s3(rule: Rule) -> Json:
    """One rule; dates as ISO 8601 midnight UTC."""
    shape: Json = {
        "ID": rule.id,
        "Filter": _filter_to_s3(rule.filter),
        "Status": "Enabled" if rule.enabled else "Disabled",
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


def from_s3(shape: Mapping[str, Any]) -> RuleSet:
    """A configuration as S3 returned it; S3 always returns one that it accepted."""
    header = shape.get("TransitionDefaultMinimumObjectSize")
    return RuleSet(
        rules=tuple(rule_from_s3(rule) for rule in shape["Rules"]),
        minimum_size=MinimumSize(header) if header else MinimumSize.ALL_128K,
    )


def rule_from_s3(shape: Mapping[str, Any]) -> Rule:
    expiration = shape.get("Expiration", {})
    ends = shape.get("NoncurrentVersionExpiration")
    abort = shape.get("AbortIncompleteMultipartUpload")
    return Rule(
        id=shape.get("ID", ""),
        # A rule-level Prefix is the old spelling of a filter (S3 API, LifecycleRule).
        filter=_filter_from_s3(shape.get("Filter", {"Prefix": shape.get("Prefix", "")})),
        enabled=shape["Status"] == "Enabled",
        transitions=tuple(
            Transition(_when_from_s3(each), StorageClass(each["StorageClass"]))
            for each in shape.get("Transitions", [])
        ),
        expires=(_when_from_s3(expiration) if expiration.keys() & {"Days", "Date"} else None),
        removes_sole_markers=bool(expiration.get("ExpiredObjectDeleteMarker")),
        noncurrent_transitions=tuple(
            NoncurrentTransition(
                Days(each["NoncurrentDays"]),
                StorageClass(each["StorageClass"]),
                each.get("NewerNoncurrentVersions"),
            )
            for each in shape.get("NoncurrentVersionTransitions", [])
        ),
        noncurrent_expires=(
            NoncurrentExpiration(Days(ends["NoncurrentDays"]), ends.get("NewerNoncurrentVersions"))
            if ends
            else None
        ),
        aborts_uploads_after=Days(abort["DaysAfterInitiation"]) if abort else None,
    )


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


def _filter_from_s3(shape: Mapping[str, Any]) -> Filter:
    inner = shape.get("And", shape)
    tags = inner.get("Tags", [inner["Tag"]] if "Tag" in inner else [])
    return Filter(
        prefix=inner.get("Prefix", ""),
        tags=tuple(sorted((tag["Key"], tag["Value"]) for tag in tags)),
        larger_than=inner.get("ObjectSizeGreaterThan"),
        smaller_than=inner.get("ObjectSizeLessThan"),
    )


def _when_to_s3(when: When) -> Json:
    if isinstance(when, Days):
        return {"Days": int(when)}
    return {"Date": f"{when.isoformat()}T00:00:00Z"}


def _when_from_s3(shape: Mapping[str, Any]) -> When:
    if "Days" in shape:
        return Days(shape["Days"])
    stated = shape["Date"]
    if not isinstance(stated, datetime):  # boto3 gives one
        stated = datetime.fromisoformat(str(stated))
    # S3 keeps a midnight UTC, in whatever offset it was written (captured on S3, radkawar/stackd,
    # lifecycle_control_replay.json, 2026-09-21).
    return (stated.astimezone(UTC) if stated.tzinfo else stated).date()


def _newer(count: int | None) -> Json:
    return {} if count is None else {"NewerNoncurrentVersions": count}
