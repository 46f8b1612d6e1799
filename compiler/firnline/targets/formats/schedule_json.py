"""The retention schedule, as data: versioned (`firnline schema schedule`)."""

from __future__ import annotations

import json

from firnline.targets.schedule.document import document_of
from firnline.targets.schedule.model import Schedule


def to_json(schedule: Schedule) -> str:
    return json.dumps(document_of(schedule), indent=2) + "\n"
