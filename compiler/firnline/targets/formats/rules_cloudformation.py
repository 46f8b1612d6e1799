"""The rules as the `LifecycleConfiguration` that CloudFormation's `AWS::S3::Bucket` takes."""

from __future__ import annotations

import json

from firnline.lint.cloudformation_names import (
    EXPIRATION,
    LISTS,
    PLAIN,
    SIZES,
    Names,
)
from firnline.pipeline import Compilation
from firnline.s3.model import Rule, RuleSet
from firnline.s3.shape import Json, rule_to_s3


def to_cloudformation(compilation: Compilation) -> str:
    """One JSON object: the property of each bucket, by `account/region/bucket`."""
    properties = {
        each.bucket.key: lifecycle_configuration(each.rules) for each in compilation.buckets
    }
    return json.dumps(properties, indent=2) + "\n"


def lifecycle_configuration(rules: RuleSet) -> Json:
    return {
        "Rules": [_rule(rule) for rule in rules.rules],
        "TransitionDefaultMinimumObjectSize": rules.minimum_size.value,
    }


def _rule(rule: Rule) -> Json:
    """S3's own shape of it, in CloudFormation's names."""
    written: Json = {}
    for member, value in rule_to_s3(rule).items():
        match member:
            case "Filter":
                written |= _scope(value)
            case "Expiration":
                written |= _renamed(value, EXPIRATION)
            case _ if member in LISTS:
                _, names = LISTS[member]
                written[member] = [_renamed(each, names) for each in value]
            case _:
                written |= _renamed({member: value}, PLAIN)
    return written


def _scope(filter: Json) -> Json:
    """CloudFormation joins the predicates by itself, and types sizes as text."""
    predicates = dict(filter.get("And", filter))
    tags = predicates.pop("Tags", [predicates.pop("Tag")] if "Tag" in predicates else [])
    sizes = {name: str(predicates.pop(name)) for name in SIZES if name in predicates}
    return {**predicates, **({"TagFilters": tags} if tags else {}), **sizes}


def _renamed(members: Json, names: Names) -> Json:
    """`names`: S3's name by CloudFormation's."""
    theirs = {ours: name for name, ours in names.items()}
    return {theirs.get(name, name): value for name, value in members.items()}
