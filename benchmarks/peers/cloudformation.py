"""A case as a CloudFormation template, where its shape can hold the same configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from benchmarks.peers.cases import Case, in_iso

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html
_EXPIRATION: Final = {"Days": "ExpirationInDays", "Date": "ExpirationDate"}
_MOVE: Final = {"Days": "TransitionInDays", "Date": "TransitionDate"}
_OLD_MOVE: Final = {"NoncurrentDays": "TransitionInDays"}
_SIZES: Final = ("ObjectSizeGreaterThan", "ObjectSizeLessThan")


class NotWritable(Exception):
    """CloudFormation's shape has no place for it; the text says for what."""


def template(case: Case) -> dict[str, Any]:
    """Unknown members stay, as members that CloudFormation does not know either.

    Raises `NotWritable` where the template would say something else than the case.
    """
    if "mfa_delete" in case.bucket:
        raise NotWritable("CloudFormation cannot say MFA delete")
    lifecycle = _configuration(in_iso(case.config))
    if case.header:
        lifecycle = {**lifecycle, **case.header}
    properties: dict[str, Any] = {"LifecycleConfiguration": lifecycle}
    if case.directory:
        kind = "AWS::S3Express::DirectoryBucket"
        properties |= {
            "DataRedundancy": "SingleAvailabilityZone",
            "LocationName": "use1-az4",
        }
    else:
        kind = "AWS::S3::Bucket"
    if case.versioning in ("Enabled", "Suspended"):
        properties["VersioningConfiguration"] = {"Status": case.versioning}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {"Bucket": {"Type": kind, "Properties": properties}},
    }


def _configuration(config: Any) -> Any:
    if not isinstance(config, dict) or not isinstance(config.get("Rules"), list):
        return config
    return {**config, "Rules": [_rule(rule) for rule in config["Rules"]]}


def _rule(rule: Any) -> Any:
    if not isinstance(rule, dict):
        return rule
    if "Prefix" in rule or "Filter" not in rule:
        raise NotWritable("CloudFormation has one way to write a scope, and no `Filter`")
    written: dict[str, Any] = {}
    for member, value in rule.items():
        match member, value:
            case "Transition" | "NoncurrentVersionTransition", _:
                raise NotWritable("CloudFormation has these too, and accepts them")
            case "ID", _:
                written["Id"] = value
            case "Filter", _:
                written |= _scope(value)
            case "Expiration", dict() if value:
                written |= _renamed(value, _EXPIRATION)
            case "Expiration", _:
                raise NotWritable("CloudFormation has no `Expiration` around its members")
            case "Transitions", list():
                written[member] = [_renamed(each, _MOVE) for each in value]
            case "NoncurrentVersionTransitions", list():
                written[member] = [_renamed(each, _OLD_MOVE) for each in value]
            case _:
                written[member] = value
    return written


def _scope(filter: Any) -> dict[str, Any]:
    inside = filter["And"] if isinstance(filter, dict) and [*filter] == ["And"] else None
    if inside is None:
        if not isinstance(filter, dict) or len(filter) > 1:
            raise NotWritable("CloudFormation joins predicates by itself")
        predicates = {**filter}
        if "Tag" in predicates:
            predicates["Tags"] = [predicates.pop("Tag")]
        elif "Tags" in predicates:
            raise NotWritable("CloudFormation has only a list of tags")
    else:
        if not isinstance(inside, dict) or _count(inside) < 2:
            raise NotWritable("CloudFormation joins predicates by itself")
        predicates = {**inside}
    if not predicates.keys() <= {"Prefix", "Tags", *_SIZES}:
        raise NotWritable("CloudFormation has no `Filter` that could hold something unknown")
    return {
        "TagFilters" if name == "Tags" else name: _size(value) if name in _SIZES else value
        for name, value in predicates.items()
    }


def _count(predicates: Mapping[str, Any]) -> int:
    return sum(
        len(value) if name == "Tags" and isinstance(value, list) else 1
        for name, value in predicates.items()
    )


def _size(value: Any) -> Any:
    """CloudFormation types sizes as text."""
    return str(value) if type(value) is int else value


def _renamed(members: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(members, dict):
        return members
    return {names.get(name, name): value for name, value in members.items()}
