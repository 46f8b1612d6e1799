"""The resources in a state of Pulumi → the rules of the buckets that its stack deploys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from firnline.s3.model import RuleSet
from firnline.s3.terraform_provider import as_sent
from firnline.targets.pulumi_aws.recorded import recorded_rules

_TYPES = frozenset(
    f"aws:s3/{name[0].lower()}{name[1:]}:{name}"
    for name in ("BucketLifecycleConfiguration", "BucketLifecycleConfigurationV2")
)


def deployed_rules(resources: Iterable[Mapping[str, Any]]) -> dict[str, RuleSet | None]:
    """By bucket; None where they cannot be read, such as those that a program made secret."""
    found: dict[str, RuleSet | None] = {}
    for each in resources:
        if each.get("type") not in _TYPES or each.get("delete"):
            continue
        inputs = _plain(each.get("inputs") or {})
        # With an owner it has two parts.
        bucket = str(each.get("id") or inputs.get("bucket")).partition(",")[0]
        try:
            found[bucket] = as_sent(recorded_rules(inputs))
        except (KeyError, TypeError, ValueError, AttributeError):
            found[bucket] = None
    return found


def _plain(value: Any) -> Any:
    """Without what Pulumi keeps for itself, such as `__defaults`: hooks do not get it either."""
    if isinstance(value, Mapping):
        return {
            name: _plain(each) for name, each in value.items() if not str(name).startswith("__")
        }
    return [_plain(each) for each in value] if isinstance(value, list) else value
