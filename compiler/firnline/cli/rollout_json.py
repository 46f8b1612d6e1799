"""The plan of a rollout, and what came of it, for programs."""

from __future__ import annotations

import json
from typing import Any

from firnline.cli.rollout_answer import RolledOut
from firnline.cli.verify_json import failure_json
from firnline.diagnostics.json import diagnostic_json
from firnline.rollout.judged import Judged
from firnline.rollout.outcome import Outcome
from firnline.rollout.plan import AccountPlan

_SCHEMA_VERSION = 1


def plan_json(found: Judged) -> str:
    plan = found.plan
    return _printed(
        {
            "schema_version": _SCHEMA_VERSION,
            "digest": plan.digest,
            "buckets_to_write": plan.writes,
            "waves": [
                {
                    "wave": number,
                    "accounts": len(accounts),
                    "buckets_to_write": sum(len(each.writes) for each in accounts),
                }
                for number, accounts in plan.waves
            ],
            "accounts": [_planned(each, found) for each in plan.accounts],
            "findings": [diagnostic_json(each) for each in found.found],
            "failures": [failure_json(each) for each in found.failures],
        }
    )


def summary_json(found: RolledOut) -> str:
    return _printed(
        {
            "schema_version": _SCHEMA_VERSION,
            "rollout": found.id,
            "digest": found.plan.digest,
            "exit_code": found.exit_code,
            "accounts": [_ended(account, outcome) for account, outcome in found.pairs],
        }
    )


def _planned(account: AccountPlan, found: Judged) -> dict[str, Any]:
    return {
        "account": account.label,
        "account_id": account.stack.account.id.value,
        "stack": account.stack.stack,
        "wave": account.wave,
        "has_nothing_to_do": account.has_nothing_to_do,
        "is_refused": account.label in found.refused,
        "buckets": [
            {
                "bucket": each.name,
                "region": each.bucket.region,
                "digest": each.digest,
                "writes": each.writes,
            }
            for each in account.buckets
        ],
    }


def _ended(account: AccountPlan, outcome: Outcome | None) -> dict[str, Any]:
    return {
        "account": account.label,
        "account_id": account.stack.account.id.value,
        "stack": account.stack.stack,
        "wave": account.wave,
        "result": outcome.result.value if outcome else None,
        "buckets": len(account.buckets),
        "buckets_written": outcome.written if outcome else 0,
        "seconds": outcome.seconds if outcome else 0.0,
        "resource": (outcome.resource or None) if outcome else None,
        "reason": (outcome.reason or None) if outcome else None,
        "logs": (outcome.logs or None) if outcome else None,
    }


def _printed(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"
