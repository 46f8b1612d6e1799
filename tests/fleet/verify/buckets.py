"""Expected buckets and answers, written as in the examples of kinds."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from firnline.diagnostics.kinds import Diagnostic
from firnline.fleet.live import Live
from firnline.fleet.questions import ListedBucket
from firnline.fleet.verify.answer import Settings, agrees
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.fleet.verify.replicas import Destination, Replication, without_lifecycle
from firnline.fleet.verify.rounds import Settled
from firnline.fleet.verify.series import Standing
from firnline.fleet.verify.verified import VerifiedBucket, verified
from firnline.s3.model import Rule, RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.s3.terms import Versioning
from tests.fleet.small_world import PROD, account

TODAY = date(2026, 11, 30)
PLACE = ListedBucket(account("prod", PROD, "us-east-1"), "acme-models", "us-east-1")


def ours(prefix: str = "tmp/", days: int = 30, name: str = "tmp") -> dict[str, Any]:
    return rule(f"firnline/acme/ml/{name}", prefix, days)


def rule(id: str, prefix: str, days: int) -> dict[str, Any]:
    return {
        "ID": id,
        "Status": "Enabled",
        "Filter": {"Prefix": prefix},
        "Expiration": {"Days": days},
    }


def rules(*shapes: dict[str, Any]) -> RuleSet:
    return read_configuration({"Rules": list(shapes)})


def expects(*shapes: dict[str, Any], going: tuple[Rule, ...] = ()) -> ExpectedBucket:
    return ExpectedBucket(PLACE, rules(*shapes), "acme", Versioning.ENABLED, going=going)


def answers(*shapes: dict[str, Any]) -> Live:
    return Live({"Rules": list(shapes)} if shapes else None)


def judged(live: Live, expected: ExpectedBucket) -> VerifiedBucket:
    """As if every answer were this one."""
    standing = Standing.AGREES if agrees(live, expected) else Standing.DIFFERS
    settings = Settings(expected.versioning, expected.object_lock)
    return verified(expected, Settled(live, standing, 3), settings, TODAY)


def findings_of(example: str) -> list[Diagnostic]:
    """Of a kind's example about one bucket."""
    said = yaml.safe_load(example)
    before = rules(*said["before"]) if "before" in said else None
    expected = ExpectedBucket(
        PLACE, rules(*said["expected"]), "acme", Versioning.ENABLED, before=before
    )
    there = said.get("exists", True)
    live = answers(*said.get("live", ())) if there else Live(None, bucket_exists=False)
    standing = Standing.AGREES if agrees(live, expected) else Standing.DIFFERS
    settings = Settings(Versioning(said.get("versioning", "enabled")))
    found = verified(expected, Settled(live, standing, 3), settings, TODAY).findings
    replicas = Replication(tuple(map(Destination, said.get("replicated_to", ()))))
    return [
        *found,
        *without_lifecycle(expected, replicas, dict.fromkeys(said.get("replicated_to", ()), False)),
    ]
