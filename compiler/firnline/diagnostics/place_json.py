"""What a diagnostic points at, as data for programs."""

from __future__ import annotations

from typing import Any, assert_never

from firnline.diagnostics.long_lines import is_by_name
from firnline.diagnostics.position import BucketPlace, ObjectPlace, Place, Span


def place_json(place: Place) -> dict[str, Any]:
    match place:
        case Span():
            named = {"named": place.named} if is_by_name(place) else {}
            return {"kind": "file", "path": place.path, **_characters(place), **named}
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
