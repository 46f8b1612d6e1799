"""References that a change dooms or saves, as data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from firnline.reach.doomed.doomed import Doomed, Lost
from firnline.reach.doomed.findings import kind_of
from firnline.targets.review.model import DoomedByChange


def doomed_json(found: DoomedByChange) -> dict[str, Any]:
    return {
        "file": found.file,
        "made": _moment(found.made),
        "is_trusted": not found.doubts,
        "added": [_doomed(each) for each in found.added],
        "removed": [_doomed(each) for each in found.removed],
        "standing": [_doomed(each) for each in found.standing],
    }


def _doomed(each: Doomed) -> dict[str, Any]:
    threat = each.threat
    when: dict[str, Any]
    if isinstance(threat.after, date):
        when = {"days": None, "from": threat.after.isoformat()}
    else:
        when = {"days": int(threat.after), "from": None}
    return {
        "code": kind_of(each).code,
        "bucket": each.entry.bucket,
        "loss": threat.loss.value,
        **when,
        "storage_class": threat.storage_class,
        "tags": dict(threat.scope.tags),
        "count": each.count,
        "stored_as_of": each.stored_as_of and _moment(each.stored_as_of),
        "named": [
            {
                "registry": needed.registry,
                "because": list(needed.because),
                "location": str(needed.location),
                "lost": needed.lost and _lost(needed.lost),
            }
            for needed in each.named
        ],
    }


def _lost(lost: Lost) -> dict[str, Any]:
    return {"first_day": lost.day.isoformat(), "objects": lost.objects}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
