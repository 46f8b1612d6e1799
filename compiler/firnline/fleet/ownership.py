"""Who owns a rule? The IDs of ours begin with `firnline/<namespace>/`; all others are foreign."""

from __future__ import annotations

import json

from firnline.s3.shape import Json


def is_ours(rule_id: str, namespace: str) -> bool:
    """Rules of another Firnline namespace are foreign too."""
    return rule_id.startswith(f"firnline/{namespace}/")


def foreign_rules(shape: Json, namespace: str) -> tuple[str, ...]:
    """Each foreign rule of a live configuration as one line of JSON, sorted by ID.

    `shape` comes from `read_live_json`. Keys are sorted and everything is ASCII, so the same rule
    is the same line, however S3 orders them.
    """
    foreign = [rule for rule in shape["Rules"] if not is_ours(rule.get("ID", ""), namespace)]
    return tuple(
        json.dumps(rule, sort_keys=True) for rule in sorted(foreign, key=lambda rule: rule["ID"])
    )
