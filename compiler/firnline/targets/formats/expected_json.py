"""The outcomes of expectations, as data: a stable, versioned format (`firnline schema test`)."""

from __future__ import annotations

import json
from typing import Any

from firnline.diagnostics.place_json import place_json
from firnline.rules.expected import Outcome
from firnline.targets.expected import Answered

SCHEMA_VERSION = 1


def to_json(tested: Answered) -> str:
    failed = sum(each.failure is not None for each in tested.outcomes)
    document = {
        "schema_version": SCHEMA_VERSION,
        "counts": {"passed": len(tested.outcomes) - failed, "failed": failed},
        "outcomes": [_outcome(each) for each in tested.outcomes],
    }
    return json.dumps(document, indent=2) + "\n"


def _outcome(outcome: Outcome) -> dict[str, Any]:
    case, expected, failure = outcome.case, outcome.expected, outcome.failure
    return {
        "case": case.name.value,
        "why": case.why or None,
        "at": place_json(expected.span),
        "key": case.key.value,
        "buckets": list(outcome.buckets),
        "age_days": int(expected.age),
        "expected": expected.storage_class or expected.fate.value,
        "passed": failure is None,
        "code": failure.kind.code if failure else None,
        "message": failure.message if failure else None,
        "notes": list(failure.notes) if failure else [],
        "help": (failure.help or None) if failure else None,
    }
