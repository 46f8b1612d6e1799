"""Where does a bucket replicate to, and has each destination a lifecycle of its own?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.visible import visible
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.fleet.verify.kinds import REPLICA_WITHOUT_LIFECYCLE
from firnline.s3.model import RuleSet


@dataclass(frozen=True, slots=True)
class Replication:
    """The buckets that objects are replicated to; `unread` says why where that is not known."""

    destinations: tuple[str, ...] = ()
    unread: str = ""


NOT_REPLICATED: Final = Replication()


def destinations(configuration: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Of the rules that are on, each once."""
    rules = (configuration or {}).get("Rules", [])
    arns = (
        rule.get("Destination", {}).get("Bucket", "")
        for rule in rules
        if rule.get("Status") == "Enabled"
    )
    return tuple(dict.fromkeys(arn.rpartition(":")[2] for arn in arns if arn))


def has_lifecycle(rules: RuleSet | None) -> bool:
    return rules is not None and any(rule.enabled for rule in rules.rules)


def without_lifecycle(
    expected: ExpectedBucket, replication: Replication, known: Mapping[str, bool]
) -> Iterator[Diagnostic]:
    """`known` says of buckets whether they have a lifecycle; others could not be read."""
    for name in replication.destinations:
        if known.get(name) is False:
            source = visible(expected.bucket.name)
            yield REPLICA_WITHOUT_LIFECYCLE.at(
                BucketPlace(expected.bucket.name, expected.bucket.account.id.value),
                f"`{source}` is replicated to `{visible(name)}`, which has no lifecycle",
            )
