"""An event of a rollout as a line of JSON, for programs that follow it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from firnline.rollout.events import Event

_SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Told:
    """`rollout` is the id of the one in which it happened."""

    rollout: str
    event: Event


def to_line(told: Told) -> str:
    event = told.event
    document = {
        "schema_version": _SCHEMA_VERSION,
        "at": datetime.fromtimestamp(event.at, UTC).isoformat(timespec="milliseconds"),
        "rollout": told.rollout,
        "event": event.what.value,
        "wave": event.wave or None,
        "account": event.account or None,
        "result": event.result or None,
        "buckets": event.buckets,
        "seconds": event.seconds,
        "resource": event.resource or None,
        "text": event.text,
    }
    return json.dumps(document) + "\n"
