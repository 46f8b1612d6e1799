"""References that a change dooms or saves, as data."""

from __future__ import annotations

from typing import Any

from firnline.reach.doomed.as_data import doomed_json
from firnline.reach.doomed.doomed import Doomed
from firnline.reach.doomed.findings import kind_of
from firnline.reach.reference_lines import moment
from firnline.targets.review.model import DoomedByChange


def doomed_by_change_json(found: DoomedByChange) -> dict[str, Any]:
    return {
        "file": found.file,
        "made": moment(found.made),
        "is_trusted": not found.doubts,
        "added": [_doomed(each) for each in found.added],
        "removed": [_doomed(each) for each in found.removed],
        "standing": [_doomed(each) for each in found.standing],
    }


def _doomed(each: Doomed) -> dict[str, Any]:
    return {"code": kind_of(each).code, **doomed_json(each)}
