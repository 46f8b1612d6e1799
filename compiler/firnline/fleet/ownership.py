"""Who owns a rule? The IDs of ours begin with `firnline/<namespace>/`; all others are foreign."""

from __future__ import annotations

import json
from collections.abc import Iterable

from firnline.s3.model import Rule
from firnline.s3.read_shape import Unreadable, read_rule
from firnline.s3.shape import Json


def is_ours(rule_id: str, namespace: str) -> bool:
    """Rules of another Firnline namespace are foreign too."""
    return rule_id.startswith(f"firnline/{namespace}/")


def foreign_rules(shape: Json, namespace: str, before: Iterable[str] = ()) -> tuple[str, ...]:
    """Each foreign rule of a live configuration as one line of JSON, sorted by ID.

    `shape` comes from `read_live_json`. Keys are sorted and everything is ASCII, and a line of
    `before` stays where S3 only orders or spells its rule another way.
    """
    known: dict[Rule | None, str] = {_read(line): line for line in before}
    known.pop(None, None)
    foreign = [rule for rule in shape["Rules"] if not is_ours(rule.get("ID", ""), namespace)]
    lines = [
        json.dumps(rule, sort_keys=True) for rule in sorted(foreign, key=lambda rule: rule["ID"])
    ]
    return tuple(known.get(_read(line), line) for line in lines) if known else tuple(lines)


def _read(line: str) -> Rule | None:
    """None where somebody edited it so that it cannot be read."""
    try:
        return read_rule(json.loads(line)).in_order
    except (ValueError, Unreadable):
        return None
