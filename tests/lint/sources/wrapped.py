"""A configuration in S3's shape, written down as the files of other programs."""

from __future__ import annotations

import json
from typing import Any

import yaml

from firnline.s3.shape import Json

NONCURRENT = "NoncurrentVersionTransitions"


def template(configuration: Json, **properties: Any) -> Json:
    """A CloudFormation template with one bucket."""
    lifecycle = {**configuration, "Rules": [of_cloudformation(r) for r in configuration["Rules"]]}
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {**properties, "LifecycleConfiguration": lifecycle},
    }
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Lake": bucket}}


def of_cloudformation(rule: Json) -> Json:
    """As CloudFormation's properties of a rule say it."""
    ends = rule.get("Expiration", {})
    names = {"Days": "ExpirationInDays", "Date": "ExpirationDate"}
    old = [_renamed(each, NoncurrentDays="TransitionInDays") for each in rule.get(NONCURRENT, [])]
    moves = [
        _renamed(each, Days="TransitionInDays", Date="TransitionDate")
        for each in rule.get("Transitions", [])
    ]
    same = {"Status", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"}
    return {
        **({"Id": rule["ID"]} if "ID" in rule else {}),
        **{name: value for name, value in rule.items() if name in same},
        **_scope(rule["Filter"]),
        **{names.get(name, name): value for name, value in ends.items()},
        **({"Transitions": moves} if moves else {}),
        **({NONCURRENT: old} if old else {}),
    }


def _scope(filter: Json) -> Json:
    inside = filter.get("And", filter)
    tags = inside.get("Tags", [inside["Tag"]] if "Tag" in inside else [])
    sizes = {name: str(size) for name, size in inside.items() if name.startswith("ObjectSize")}
    prefix = {"Prefix": inside["Prefix"]} if "Prefix" in inside else {}
    return {**prefix, **sizes, **({"TagFilters": tags} if tags else {})}


def _renamed(block: Json, **names: str) -> Json:
    return {names.get(name, name): value for name, value in block.items()}


def policies(configuration: Json) -> Json:
    """A policy of Cloud Custodian, whose rules are in S3's shape."""
    action = {"type": "configure-lifecycle", "rules": configuration["Rules"]}
    return {"policies": [{"name": "lake", "resource": "s3", "actions": [action]}]}


def as_json(document: Any) -> str:
    return json.dumps(document, indent=2)


def as_yaml(document: Any) -> str:
    return yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False)
