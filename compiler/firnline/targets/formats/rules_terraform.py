"""The rules as Terraform's JSON configuration: one lifecycle resource for each bucket.

Names of blocks and arguments: hashicorp/aws 6, resource `aws_s3_bucket_lifecycle_configuration`.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from firnline.language.model import Folder
from firnline.pipeline import Compilation
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.program import Bucket
from firnline.s3.model import Filter, Rule
from firnline.s3.shape import Json
from firnline.s3.terms import Days, When

PROVIDER_VERSION: Final = "~> 6.0"
_TERRAFORM: Final = {
    "required_version": ">= 1.5",
    "required_providers": {"aws": {"source": "hashicorp/aws", "version": PROVIDER_VERSION}},
}
# Terraform, "Identifiers": letters, digits, underscores and hyphens, no digit first.
_NO_NAME: Final = re.compile("[^A-Za-z0-9_-]")
# Terraform, "JSON configuration syntax": texts are templates, in which these begin an expression.
_TEMPLATE: Final = re.compile(r"([$%])\{")


def to_terraform(compilation: Compilation) -> str:
    """One `.tf.json` document. A destruction of a resource would delete all rules of its bucket, so
    each has `prevent_destroy`.
    """
    buckets = compilation.buckets
    document = {
        "terraform": _TERRAFORM,
        "provider": {"aws": _providers(compilation.folder, buckets)},
        "resource": {
            "aws_s3_bucket_lifecycle_configuration": {
                _name_of(each.bucket): _resource(each) for each in buckets
            }
        },
    }
    return json.dumps(document if buckets else {"terraform": _TERRAFORM}, indent=2) + "\n"


def _providers(folder: Folder, buckets: tuple[BucketRules, ...]) -> list[Json]:
    """One for each account and region, as the fleet file says how to reach them."""
    found: dict[str, Json] = {}
    for each in buckets:
        bucket = each.bucket
        provider: Json = {"alias": _alias(bucket)}
        if bucket.region:
            provider["region"] = bucket.region
        account = folder.fleet.account(bucket.account) if folder.fleet else None
        if account is not None:
            provider["allowed_account_ids"] = [account.id.value]
        if account is not None and account.role is not None:
            assumed = {"role_arn": _text(account.role.value)}
            if account.external_id is not None:
                assumed["external_id"] = _text(account.external_id.value)
            provider["assume_role"] = [assumed]
        found.setdefault(provider["alias"], provider)
    return [found[alias] for alias in sorted(found)]


def _alias(bucket: Bucket) -> str:
    return _identifier(f"{bucket.account}_{bucket.region}" if bucket.region else bucket.account)


def _name_of(bucket: Bucket) -> str:
    """Names of buckets may have dots, which become `__`: no bucket's name has underscores."""
    return f"{_alias(bucket)}_{_identifier(bucket.name.replace('.', '__'))}"


def _identifier(text: str) -> str:
    plain = _NO_NAME.sub("_", text)
    return plain if plain[:1].isalpha() else f"_{plain}"


def _resource(found: BucketRules) -> Json:
    return {
        "provider": f"aws.{_alias(found.bucket)}",
        "bucket": found.bucket.name,
        "transition_default_minimum_object_size": found.rules.minimum_size.value,
        "rule": [rule_block(rule) for rule in found.rules.rules],
        "lifecycle": {"prevent_destroy": True},
    }


def rule_block(rule: Rule) -> Json:
    written: Json = {
        "id": _text(rule.id),
        "status": rule.status.value,
        "filter": [_filter(rule.filter)],
    }
    if rule.transitions:
        written["transition"] = [
            {**_when(each.when), "storage_class": each.storage_class} for each in rule.transitions
        ]
    if rule.expires is not None:
        written["expiration"] = [_when(rule.expires)]
    elif rule.removes_sole_markers:
        written["expiration"] = [{"expired_object_delete_marker": True}]
    if rule.noncurrent_transitions:
        written["noncurrent_version_transition"] = [
            {
                **_noncurrent(each.after, each.newer_versions),
                "storage_class": each.storage_class,
            }
            for each in rule.noncurrent_transitions
        ]
    if rule.noncurrent_expires is not None:
        ends = rule.noncurrent_expires
        written["noncurrent_version_expiration"] = [_noncurrent(ends.after, ends.newer_versions)]
    if rule.aborts_uploads_after is not None:
        days = int(rule.aborts_uploads_after)
        written["abort_incomplete_multipart_upload"] = [{"days_after_initiation": days}]
    return written


def _filter(filter: Filter) -> Json:
    """The whole bucket is `prefix: ""`, said aloud."""
    inside: Json = {}
    if filter.prefix:
        inside["prefix"] = _text(filter.prefix)
    if filter.larger_than is not None:
        inside["object_size_greater_than"] = filter.larger_than
    if filter.smaller_than is not None:
        inside["object_size_less_than"] = filter.smaller_than
    if filter.joined:
        tags = {_text(key): _text(value) for key, value in filter.tags}
        return {"and": [{**inside, **({"tags": tags} if tags else {})}]}
    if filter.tags:
        key, value = filter.tags[0]
        return {"tag": [{"key": _text(key), "value": _text(value)}]}
    return inside or {"prefix": ""}


def _when(when: When) -> Json:
    return {"days": int(when)} if isinstance(when, Days) else {"date": f"{when}T00:00:00Z"}


def _noncurrent(after: Days, newer: int | None) -> dict[str, Any]:
    count = {} if newer is None else {"newer_noncurrent_versions": newer}
    return {"noncurrent_days": int(after), **count}


def _text(text: str) -> str:
    return _TEMPLATE.sub(r"\1\1{", text)
