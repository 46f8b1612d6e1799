"""Diagnostics as data: a stable, versioned format (see docs/language/machine-readable.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from firnline.diagnostics.fix import Fix
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.place_json import place_json
from firnline.diagnostics.remedy_json import remedy_json

SCHEMA_VERSION = 1


def to_json(found: Sequence[Diagnostic]) -> str:
    """All diagnostics in their order, with counts by severity; control characters are escaped."""
    counts = {
        severity.value: sum(diagnostic.severity is severity for diagnostic in found)
        for severity in Severity
    }
    document = {
        "schema_version": SCHEMA_VERSION,
        "counts": counts,
        "diagnostics": [diagnostic_json(diagnostic) for diagnostic in found],
    }
    return json.dumps(document, indent=2) + "\n"


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.kind.code,
        "name": diagnostic.kind.name,
        "severity": diagnostic.severity.value,
        "title": diagnostic.kind.title,
        "message": diagnostic.message,
        "at": place_json(diagnostic.place),
        "resource": diagnostic.about,
        "also": [{"at": place_json(place), "message": label} for place, label in diagnostic.also],
        "notes": list(diagnostic.notes),
        "help": diagnostic.help or None,
        "remedy": remedy_json(diagnostic.remedy),
        "fix": _fix(diagnostic.fix) if diagnostic.fix else None,
        **({} if diagnostic.doomed is None else {"doomed": dict(diagnostic.doomed)}),
        **({} if diagnostic.layout is None else {"layout": dict(diagnostic.layout)}),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{"at": place_json(edit.span), "replacement": edit.text} for edit in fix.edits]
    return {"safe": fix.safe, "edits": edits}
