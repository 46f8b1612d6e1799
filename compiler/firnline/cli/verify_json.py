"""What `firnline verify` found, for programs."""

from __future__ import annotations

import json
from typing import Any

from firnline.cli.verify_answer import Verification
from firnline.cli.verify_expiry import as_json, inventory_as_json
from firnline.diagnostics.json import diagnostic_json
from firnline.fleet.questions import Failure
from firnline.fleet.verify.verified import State, VerifiedBucket, counts
from firnline.s3.shape import to_s3

_SCHEMA_VERSION = 1


def to_json(found: Verification) -> str:
    return json.dumps(document(found), indent=2) + "\n"


def document(found: Verification) -> dict[str, Any]:
    return {
        "schema_version": _SCHEMA_VERSION,
        "at": found.at.isoformat(timespec="seconds"),
        "policies": found.folder,
        "base": found.base,
        "settle_seconds": found.patience.settle,
        "equal_reads": found.patience.equal_reads,
        "exit_code": found.exit_code,
        "counts": {state.value: count for state, count in counts(found.buckets).items()},
        "buckets": [_bucket(each) for each in found.buckets],
        "other_findings": [diagnostic_json(each) for each in found.of_no_bucket],
        "expiry_dates": None if found.expiry is None else list(map(as_json, found.expiry)),
        "inventories": [inventory_as_json(each) for each in found.inventories],
        "failures": [failure_json(each) for each in found.failures],
        "other_failures": list(found.other_failures),
    }


def _bucket(each: VerifiedBucket) -> dict[str, Any]:
    bucket, settings = each.expected.bucket, each.settings
    return {
        "key": bucket.key,
        "bucket": bucket.name,
        "account": bucket.account.id.value,
        "region": bucket.region,
        "state": each.state.value,
        "exists": each.exists if each.live else None,
        "reads": each.reads,
        "answers_kept_changing": each.unsure,
        "written": each.written,
        "expected": to_s3(each.expected.rules) if each.state is not State.AGREES else None,
        "live": each.live.shape if each.live and each.state is not State.AGREES else None,
        "versioning": settings.versioning.value if settings else None,
        "object_lock": settings.object_lock if settings else None,
        "replicated_to": _replicated_to(each),
        "findings": [diagnostic_json(finding) for finding in each.findings],
    }


def failure_json(failure: Failure) -> dict[str, Any]:
    return {
        "account": failure.account.id.value,
        "bucket": failure.bucket,
        "permission": failure.why.permission,
        "denied": failure.why.denied,
        "reason": failure.why.reason,
    }


def _replicated_to(each: VerifiedBucket) -> list[str] | None:
    if not each.exists or each.replication.unread:
        return None
    return list(dict.fromkeys(one.bucket for one in each.replication.destinations))
