"""A configuration in S3's shape, as Terraform and Pulumi have it, for each generation of the
provider.
"""

from __future__ import annotations

from typing import Any

from firnline.s3.law.header import MEMBER
from firnline.s3.shape import Json
from tests.lint.sources.terraform_files import (
    LIFECYCLE,
    SDK,
    expiration,
    filter_block,
    lifecycle,
    plan,
    resource,
    rule,
    state,
)

HEADER = "transition_default_minimum_object_size"
_OLD = {"NoncurrentDays": "noncurrent_days", "NewerNoncurrentVersions": "newer_noncurrent_versions"}
_SIZES = {
    "ObjectSizeGreaterThan": "object_size_greater_than",
    "ObjectSizeLessThan": "object_size_less_than",
}
_ENDS = {
    "Days": "days",
    "Date": "date",
    "ExpiredObjectDeleteMarker": "expired_object_delete_marker",
}
_ZEROS: Json = {"date": "", "prefix": "", "tags": {}, "expired_object_delete_marker": False}
_TEXTS = frozenset({*_SIZES.values(), "newer_noncurrent_versions"})
_MOVE = {"Days": "days", "Date": "date", "StorageClass": "storage_class"}


def planned(shape: Json, schema_version: int) -> Json:
    """What is not set is null."""
    return plan(_resource(shape, schema_version, [_rule(each) for each in shape["Rules"]]))


def shown(shape: Json, schema_version: int) -> Json:
    """A state; the SDK has zero values, and sizes as text, for what is not set."""
    rules = [_rule(each) for each in shape["Rules"]]
    written = [_with_zeros(each) if schema_version == SDK else _computed(each) for each in rules]
    return state(_resource(shape, schema_version, written))


def state_file(shape: Json, schema_version: int) -> Json:
    (written,) = shown(shape, schema_version)["values"]["root_module"]["resources"]
    instance = {"schema_version": schema_version, "attributes": written["values"]}
    kept = {"mode": "managed", "type": LIFECYCLE, "name": "logs", "instances": [instance]}
    return {"version": 4, "terraform_version": "1.9.0", "lineage": "x", "resources": [kept]}


def configuration(shape: Json, version: str) -> Json:
    """Only what is set, blocks as objects."""
    body = {"bucket": "lake", "rule": [_bare(_rule(each)) for each in shape["Rules"]]}
    header = {HEADER: shape[MEMBER]} if MEMBER in shape else {}
    required = {"aws": {"source": "hashicorp/aws", "version": version}}
    return {
        "terraform": {"required_providers": required},
        "resource": {LIFECYCLE: {"logs": body | header}},
    }


def stack(shape: Json, major: int) -> Json:
    """What `pulumi stack export` prints."""
    type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    rules = [_camel(_bare(_rule(each))) for each in shape["Rules"]]
    header = {"transitionDefaultMinimumObjectSize": shape[MEMBER]} if MEMBER in shape else {}
    written = {
        "urn": f"urn:pulumi:dev::lake::{type}::logs",
        "type": type,
        "provider": f"urn:pulumi:dev::lake::pulumi:providers:aws::default_{major}_1_0::0",
        "inputs": {"bucket": "lake", "rules": rules, **header},
    }
    return {"version": 3, "deployment": {"resources": [written]}}


def inline(shape: Json) -> Json:
    """Blocks in the bucket itself."""
    rules = [_inline_rule(each) for each in shape["Rules"]]
    return plan(resource("aws_s3_bucket.lake", 0, bucket="lake", lifecycle_rule=rules))


def _inline_rule(shape: Json) -> Json:
    inside = shape["Filter"].get("And", shape["Filter"])
    old = shape.get("NoncurrentVersionExpiration")
    end = _named(shape.get("Expiration", {}), _ENDS)
    abort = shape.get("AbortIncompleteMultipartUpload", {})
    names = {"NoncurrentDays": "days", "StorageClass": "storage_class"}
    return {
        "id": shape.get("ID", ""),
        "enabled": shape["Status"] == "Enabled",
        "prefix": inside["Prefix"],
        "tags": {each["Key"]: each["Value"] for each in inside.get("Tags", ())},
        "abort_incomplete_multipart_upload_days": abort.get("DaysAfterInitiation"),
        "expiration": expiration(**_dated(end)) if end else [],
        "transition": [_dated(_named(each, _MOVE)) for each in shape.get("Transitions", ())],
        "noncurrent_version_expiration": [_named(old, names)] if old else [],
        "noncurrent_version_transition": [
            _named(each, names) for each in shape.get("NoncurrentVersionTransitions", ())
        ],
    }


def _dated(block: Json) -> Json:
    """Without the time."""
    return {**block, "date": block["date"][:10]} if "date" in block else block


def _resource(shape: Json, schema_version: int, rules: list[Json]) -> Json:
    written = lifecycle(*rules, schema_version=schema_version, bucket="lake")
    written["values"][HEADER] = shape.get(MEMBER)
    return written


def _rule(shape: Json) -> Json:
    old = shape.get("NoncurrentVersionExpiration")
    abort = shape.get("AbortIncompleteMultipartUpload")
    end = shape.get("Expiration")
    return rule(
        id=shape.get("ID", ""),
        status=shape["Status"],
        filter=_filter(shape["Filter"]),
        expiration=expiration(**_named(end, _ENDS)) if end else [],
        transition=[
            {"date": None, "days": None, **_named(each, _MOVE)}
            for each in shape.get("Transitions", ())
        ],
        noncurrent_version_expiration=[_old(old, _OLD)] if old else [],
        noncurrent_version_transition=[
            _old(each, {**_OLD, "StorageClass": "storage_class"})
            for each in shape.get("NoncurrentVersionTransitions", ())
        ],
        abort_incomplete_multipart_upload=(
            [{"days_after_initiation": abort["DaysAfterInitiation"]}] if abort else []
        ),
    )


def _filter(shape: Json) -> list[Json]:
    """None at all for the whole bucket."""
    if not shape:
        return []
    tag = [_named(shape["Tag"], {"Key": "key", "Value": "value"})] if "Tag" in shape else []
    both = [_and(shape["And"])] if "And" in shape else []
    named = _named(shape, {**_SIZES, "Prefix": "prefix"})
    return filter_block(tag=tag, **{"and": both}, **named)


def _and(shape: Json) -> Json:
    tags = {each["Key"]: each["Value"] for each in shape.get("Tags", ())}
    unset = dict.fromkeys(_SIZES.values())
    named = _named(shape, {**_SIZES, "Prefix": "prefix"})
    return {"prefix": "", **unset, **named, "tags": tags or None}


def _old(shape: Json, names: dict[str, str]) -> Json:
    return {"newer_noncurrent_versions": None, **_named(shape, names)}


def _named(shape: Json, names: dict[str, str]) -> dict[str, Any]:
    return {names[name]: value for name, value in shape.items() if name in names}


def _with_zeros(value: Any, name: str = "", inside: str = "") -> Any:
    """As the Terraform Plugin SDK flattens it."""
    if isinstance(value, list):
        return [_with_zeros(item, name, inside) for item in value]
    if isinstance(value, dict) and name != "tags":
        return {each: _with_zeros(item, each, name) for each, item in value.items()}
    if name in _TEXTS and not (name in _SIZES.values() and inside == "and"):
        return "" if value is None else str(value)
    return _ZEROS.get(name, 0) if value is None else value


def _computed(written: Json) -> Json:
    """As the Terraform Plugin Framework plans it: zero values for some that are not set."""
    unset = {"days": 0, "expired_object_delete_marker": False}
    ends = [
        {name: unset.get(name) if value is None else value for name, value in each.items()}
        for each in written["expiration"]
    ]
    return {**written, "prefix": "", "expiration": ends}


def _bare(written: Any) -> Any:
    """Without what is not set, blocks of which there is one as objects."""
    several = {"transition", "noncurrent_version_transition"}
    found: Json = {}
    for name, value in written.items():
        blocks = isinstance(value, list)
        if value in (None, []) or (value == "" and name == "id"):
            continue
        inside = [_bare(each) for each in value] if blocks else value
        found[name] = inside[0] if blocks and name not in several else inside
    return found


def _camel(value: Any, free: bool = False) -> Any:
    """As Pulumi spells it."""
    plural = {
        "transition": "transitions",
        "noncurrent_version_transition": "noncurrentVersionTransitions",
    }
    if isinstance(value, list):
        return [_camel(each) for each in value]
    if not isinstance(value, dict) or free:
        return value
    return {
        plural.get(name) or _camel_name(name): _camel(each, name == "tags")
        for name, each in value.items()
    }


def _camel_name(name: str) -> str:
    first, *more = name.split("_")
    return first + "".join(each.capitalize() for each in more)
