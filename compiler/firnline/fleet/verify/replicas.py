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
class Destination:
    """A bucket that objects are replicated to; `account_id` where the configuration says it."""

    bucket: str
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class Replication:
    """`unread` is the missing permission where nothing is known of it; `unknown` are destinations
    of which it is not known whether they have a lifecycle.
    """

    destinations: tuple[Destination, ...] = ()
    unread: str = ""
    unknown: tuple[str, ...] = ()


NOT_REPLICATED: Final = Replication()


def destinations(configuration: Mapping[str, Any] | None) -> tuple[Destination, ...]:
    """Of the rules that are on, each once."""
    rules = (configuration or {}).get("Rules", [])
    said = (rule.get("Destination", {}) for rule in rules if rule.get("Status") == "Enabled")
    found = (Destination(_name(each["Bucket"]), each.get("Account")) for each in said)
    return tuple(dict.fromkeys(found))


def _name(arn: str) -> str:
    return arn.rpartition(":")[2]


def has_lifecycle(rules: RuleSet | None) -> bool:
    return rules is not None and any(rule.enabled for rule in rules.rules)


def without_lifecycle(
    expected: ExpectedBucket, replication: Replication, known: Mapping[str, bool]
) -> Iterator[Diagnostic]:
    """`known` says of buckets whether they have a lifecycle; others could not be read."""
    for name in dict.fromkeys(each.bucket for each in replication.destinations):
        if known.get(name) is False:
            source = visible(expected.bucket.name)
            yield REPLICA_WITHOUT_LIFECYCLE.at(
                BucketPlace(expected.bucket.name, expected.bucket.account.id.value),
                f"`{source}` is replicated to `{visible(name)}`, which has no lifecycle",
            )
