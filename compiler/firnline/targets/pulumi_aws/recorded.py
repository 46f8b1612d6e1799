"""What Pulumi recorded as a resource's inputs → `RuleSet`.

Hooks get inputs in the provider's camelCase, with numbers as floats (observed with Pulumi 3.250).
After `pulumi refresh` they are what the provider read back, with zeros for what is unset
(terraform-provider-aws, internal/service/s3/bucket_lifecycle_configuration.go, "legacy value").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from firnline.s3.compare.same import surely_same
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.s3.shape import Json
from firnline.s3.terraform_provider import as_sent

Inputs = Mapping[str, Any]
_RESOURCE: Final = "$aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration::"


def has_written(state: Mapping[str, Any], name: str, rules: RuleSet) -> bool:
    """Whether that of our resources has these rules in a state, the outputs of each by URN; not
    where a program made them secret.
    """
    for urn, each in state.items():
        outputs = each["outputs"]
        if urn.partition(_RESOURCE)[2] == name and isinstance(outputs.get("rules"), list):
            return surely_same(as_sent(recorded_rules(outputs)), as_sent(rules))
    return False


@dataclass(frozen=True, slots=True)
class Recorded:
    """One of our resources as a state has it."""

    rules: RuleSet
    region: str | None


def in_state(state: Mapping[str, Any]) -> Mapping[str, Recorded]:
    """Our resources in a state, by name; not where a program made their rules secret."""
    return {
        urn.partition(_RESOURCE)[2]: Recorded(
            recorded_rules(each["outputs"]), each["outputs"].get("region")
        )
        for urn, each in state.items()
        if _RESOURCE in urn and isinstance(each["outputs"].get("rules"), list)
    }


def configured_in(state: Mapping[str, Any]) -> frozenset[str]:
    """The names of our resources in a state; in a fleet's program these are the buckets."""
    parts = (urn.partition(_RESOURCE) for urn in state)
    return frozenset(name for _, found, name in parts if found)


def recorded_rules(inputs: Inputs) -> RuleSet:
    """The rules in the inputs of an `aws.s3.BucketLifecycleConfiguration`."""
    shape: Json = {"Rules": [_rule(rule) for rule in inputs.get("rules") or []]}
    if size := inputs.get("transitionDefaultMinimumObjectSize"):
        shape["TransitionDefaultMinimumObjectSize"] = size
    return read_configuration(shape)


def _rule(given: Inputs) -> Json:
    shape: Json = {"ID": given.get("id", ""), "Status": given["status"]}
    shape["Filter"] = _filter(given.get("filter") or {"prefix": given.get("prefix") or ""})
    if given.get("transitions"):
        shape["Transitions"] = [_transition(each) for each in given["transitions"]]
    if given.get("expiration"):
        shape["Expiration"] = _expiration(given["expiration"])
    if given.get("noncurrentVersionTransitions"):
        moves = given["noncurrentVersionTransitions"]
        shape["NoncurrentVersionTransitions"] = [_plain(each) for each in moves]
    if given.get("noncurrentVersionExpiration"):
        shape["NoncurrentVersionExpiration"] = _plain(given["noncurrentVersionExpiration"])
    if given.get("abortIncompleteMultipartUpload"):
        shape["AbortIncompleteMultipartUpload"] = _plain(given["abortIncompleteMultipartUpload"])
    return shape


def _filter(given: Inputs) -> Json:
    if both := given.get("and"):
        inner = {key: value for key, value in both.items() if key != "tags"}
        # 0 is no upper bound; as a lower bound it is one, and leaves out empty objects.
        if not inner.get("objectSizeLessThan"):
            inner.pop("objectSizeLessThan", None)
        tags = [{"Key": key, "Value": value} for key, value in (both.get("tags") or {}).items()]
        return {"And": {**_plain(inner), **({"Tags": tags} if tags else {})}}
    if tag := given.get("tag"):
        return {"Tag": {"Key": tag["key"], "Value": tag["value"]}}
    return _plain(given) or {"Prefix": ""}


def _transition(given: Inputs) -> Json:
    """Without a date, unset days are 0."""
    return _plain(given) if given.get("date") else {"Days": 0, **_plain(given)}


def _expiration(given: Inputs) -> Json:
    return {key: value for key, value in _plain(given).items() if value}


def _plain(given: Inputs) -> Json:
    """S3's own spelling of the keys, whole numbers as integers, and no unset values."""
    return {
        key[0].upper() + key[1:]: int(value) if isinstance(value, float) else value
        for key, value in given.items()
        if value is not None
    }
