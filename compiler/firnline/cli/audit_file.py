"""What `firnline gc audit --out json:FILE` wrote → its document, as its schema says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from pkgutil import get_data
from typing import Any

from firnline.diagnostics.visible import visible
from firnline.language.schemas import first_mismatch
from firnline.targets.formats.audit_json import SCHEMA_VERSION


class NotAnAudit(Exception):
    """Says why: `it is JSON, but of something else`."""


def read_audit(content: bytes) -> Mapping[str, Any]:
    """As `audit.schema.json` says; there may be more fields in it. Raises `NotAnAudit`."""
    document = _json(content)
    if not isinstance(document, Mapping) or "schema_version" not in document:
        raise NotAnAudit("it is JSON, but of something else")
    if document["schema_version"] != SCHEMA_VERSION:
        raise NotAnAudit(
            f"its `schema_version` is not {SCHEMA_VERSION}, so another Firnline wrote it"
        )
    schema = get_data("firnline.targets", "audit.schema.json")
    assert schema is not None
    mismatch = first_mismatch(json.loads(schema), document)
    if mismatch is not None:
        raise NotAnAudit(visible(mismatch))
    return document


def _json(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8"), parse_constant=_finite, parse_float=_finite)
    except json.JSONDecodeError as why:
        raise NotAnAudit(f"it is not JSON (line {why.lineno}: {why.msg})") from None
    except ValueError:  # not UTF-8, or an integer that Python does not read
        raise NotAnAudit("it is not JSON") from None
    except RecursionError:
        raise NotAnAudit("it is JSON, but of something else") from None


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise NotAnAudit(f"the number `{text}` is in it, which no audit has")
    return number
