"""A `lifecycle_rule` block in `aws_s3_bucket` → the rule that the provider sends.

Read in hashicorp/terraform-provider-aws: resourceAwsS3BucketLifecycleUpdate
(aws/resource_aws_s3_bucket.go of 3.x), resourceBucketInternalLifecycleUpdate
(internal/service/s3/bucket.go of 4.9 and later) and expandBucketLifecycleRules (the same file of
5.x and 6.x). They differ in nothing that S3 acts on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from firnline.language.data_tree import Path
from firnline.lint.sources.parts import Part, as_member, joined, listed
from firnline.lint.sources.terraform.blocks import block_in, is_unset, members, placed
from firnline.lint.sources.terraform.scope import tags_of
from firnline.lint.unknown import Unknown
from firnline.s3.shape import Json
from firnline.s3.terraform_provider import EMPTY_EXPIRATION

BLOCK: Final = "lifecycle_rule"
_LISTS: Final = {
    "transition": ("Transitions", {"days": "Days", "storage_class": "StorageClass"}),
    "noncurrent_version_transition": (
        "NoncurrentVersionTransitions",
        {"days": "NoncurrentDays", "storage_class": "StorageClass"},
    ),
}


def read_inline_rule(rule: object, where: Path) -> Part:
    if not isinstance(rule, dict):
        return Part(rule, {"": where})
    enabled = rule.get("enabled")
    status = enabled if isinstance(enabled, Unknown) else "Enabled" if enabled else "Disabled"
    named = members({**rule, "enabled": status}, where, {"id": "ID", "enabled": "Status"})
    actions = list(_actions(rule, where))
    if not actions:
        # "we explicitly pass a default ExpiredObjectDeleteMarker value to be able to create the
        # rule while keeping the policy unaffected"
        actions = [as_member("Expiration", Part(EMPTY_EXPIRATION))]
    return joined((named, as_member("Filter", _filter(rule, where)), *actions))


def _filter(rule: Json, where: Path) -> Part:
    """Tags always go with a prefix, of "" where there is none."""
    tags = tags_of(rule.get("tags"), where)
    prefix = rule.get("prefix")
    place = {} if prefix is None else {".Prefix": (*where, "prefix")}
    part = Part({"Prefix": "" if prefix is None else prefix}, {"": where, **place})
    return as_member("And", joined((part, tags))) if tags.shape else part


def _actions(rule: Json, where: Path) -> Iterator[Part]:
    end = block_in(rule, "expiration", where)
    if isinstance(end, Unknown):
        yield Part({"Expiration": end}, {".Expiration": (*where, "expiration")})
    elif end is not None and end[0]:
        yield as_member("Expiration", _expiration(*end))
    old = block_in(rule, "noncurrent_version_expiration", where)
    if isinstance(old, Unknown):
        name = "NoncurrentVersionExpiration"
        yield Part({name: old}, {f".{name}": (*where, "noncurrent_version_expiration")})
    elif old is not None and old[0].get("days"):
        yield as_member("NoncurrentVersionExpiration", members(*old, {"days": "NoncurrentDays"}))
    for name, (member, names) in _LISTS.items():
        said = rule.get(name)
        here = (*where, name)
        if isinstance(said, Unknown):
            yield Part({member: said}, {f".{member}": here})
        elif items := placed(said, here):
            yield listed(member, [_transition(*each, names) for each in items], here)
    abort = rule.get("abort_incomplete_multipart_upload_days")
    if abort:
        place = (*where, "abort_incomplete_multipart_upload_days")
        part = Part({"DaysAfterInitiation": abort}, {"": place, ".DaysAfterInitiation": place})
        yield as_member("AbortIncompleteMultipartUpload", part)


def _expiration(block: Json, where: Path) -> Part:
    """A date comes before days, and days before the marker."""
    if not is_unset(block.get("date")):
        return _dated(members(block, where, {"date": "Date"}))
    if block.get("days"):
        return members(block, where, {"days": "Days"})
    marker = {"expired_object_delete_marker": "ExpiredObjectDeleteMarker"}
    return joined((Part(EMPTY_EXPIRATION, {"": where}), members(block, where, marker)))


def _transition(block: Any, where: Path, names: dict[str, str]) -> Part:
    if not isinstance(block, dict):
        return Part(block, {"": where})
    if not is_unset(block.get("date")):
        return _dated(members(block, where, {"date": "Date", "storage_class": "StorageClass"}))
    unset = {name: 0 for name in names if name == "days" and block.get("days") is None}
    return members({**block, **unset}, where, names)


def _dated(part: Part) -> Part:
    """The provider takes a date without a time, and sends its midnight."""
    said = part.shape["Date"]
    date = f"{said}T00:00:00Z" if isinstance(said, str) and "T" not in said else said
    return Part({**part.shape, "Date": date}, part.places)
