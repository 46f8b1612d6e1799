"""Diagnostics as data: a promised, versioned form (see docs/language.md, "Machine-readable")."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from typing import Any, assert_never

from firnline.diagnostics.fix import Fix
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import BucketPlace, ObjectPlace, Place, Span

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
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in found],
    }
    return json.dumps(document, indent=2) + "\n"


def report_schema() -> dict[str, Any]:
    """The JSON Schema (draft-07) of what `to_json` gives."""
    text = resources.files("firnline.diagnostics").joinpath("report.schema.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.kind.code,
        "name": diagnostic.kind.name,
        "severity": diagnostic.severity.value,
        "title": diagnostic.kind.title,
        "message": diagnostic.message,
        "at": _place(diagnostic.place),
        "also": [{"at": _place(place), "message": label} for place, label in diagnostic.also],
        "notes": list(diagnostic.notes),
        "help": diagnostic.help or None,
        "fix": _fix(diagnostic.fix) if diagnostic.fix else None,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{"at": _place(edit.span), "replacement": edit.text} for edit in fix.edits]
    return {"safe": fix.safe, "edits": edits}


def _place(place: Place) -> dict[str, Any]:
    match place:
        case Span():
            return {"kind": "file", "path": place.path, **_characters(place)}
        case BucketPlace():
            return {"kind": "bucket", "bucket": place.bucket, "account": place.account_id}
        case ObjectPlace():
            return {
                "kind": "object",
                "bucket": place.bucket,
                "key": place.key,
                "version_id": place.version_id,
                "account": place.account_id,
            }
        case _:
            assert_never(place)


def _characters(span: Span) -> dict[str, int]:
    if not span.source.text:
        return {}
    line, column = span.source.place(span.end)
    return {"line": span.line, "column": span.column, "end_line": line, "end_column": column}
