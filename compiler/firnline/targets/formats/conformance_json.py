"""Conformance cases as data: a stable, versioned format (`firnline schema conformance`)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from firnline.s3.conformance.outcome import Outcome, Results


def to_json(results: Results) -> str:
    total = results.tally
    shape = {
        "schema_version": 1,
        "agreeing": total.agreeing,
        "total": total.total,
        "by_confidence": {
            name: {"agreeing": some, "total": all_} for name, some, all_ in total.by_confidence
        },
        "cases": [
            each for path, outcomes in results.by_file.items() for each in _cases(path, outcomes)
        ],
    }
    return json.dumps(shape, indent=2) + "\n"


def _cases(path: str, outcomes: Sequence[Outcome]) -> list[dict[str, object]]:
    return [
        {
            "file": path,
            "id": outcome.id,
            "kind": outcome.kind,
            "confidence": outcome.confidence,
            "agrees": outcome.agrees,
            "expected": outcome.expected or None,
            "found": outcome.found or None,
            "problem": outcome.problem or None,
            "note": outcome.note or None,
        }
        for outcome in outcomes
    ]
