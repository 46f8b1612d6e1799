"""What one threat dooms, as data: `firnline check` and `firnline diff` have it in JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from firnline.reach.doomed.doomed import Doomed, Lost, Needed
from firnline.reach.reference_lines import moment


def doomed_json(each: Doomed) -> dict[str, Any]:
    threat = each.threat
    when: dict[str, Any]
    if isinstance(threat.after, date):
        when = {"days": None, "from": threat.after.isoformat()}
    else:
        when = {"days": int(threat.after), "from": None}
    return {
        "bucket": each.entry.bucket,
        "loss": threat.loss.value,
        **when,
        "storage_class": threat.storage_class,
        "kept_rule": threat.kept,
        "tags": dict(threat.scope.tags),
        "count": each.count,
        "stored_as_of": each.stored_as_of and moment(each.stored_as_of),
        "named": [_needed(needed) for needed in each.named],
    }


def _needed(needed: Needed) -> dict[str, Any]:
    return {
        "registry": needed.registry,
        "because": list(needed.because),
        "location": str(needed.location),
        "lost": needed.lost and _lost(needed.lost),
    }


def _lost(lost: Lost) -> dict[str, Any]:
    return {"first_day": lost.day.isoformat(), "objects": lost.objects}
