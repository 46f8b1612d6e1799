"""What the next `mlflow gc` would destroy, as data: versioned (`firnline schema mlflow-check`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from firnline.reach.registries.mlflow.next_gc import Checked, Loss

SCHEMA_VERSION = 1


def to_json(checked: tuple[Checked, ...]) -> str:
    document = {
        "schema_version": SCHEMA_VERSION,
        "is_safe": all(each.is_safe for each in checked),
        "registries": [_registry(each) for each in checked],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _registry(checked: Checked) -> Mapping[str, Any]:
    return {
        "name": checked.registry,
        "is_safe": checked.is_safe,
        "is_read": checked.found is not None,
        "gave_no_access": checked.gave_no_access,
        "registered_versions": checked.found.versions if checked.found else None,
        "losses": [_loss(each) for each in checked.found.losses] if checked.found else [],
        "problems": list(checked.problems),
    }


def _loss(loss: Loss) -> Mapping[str, Any]:
    return {
        "because": list(loss.because),
        "location": str(loss.location),
        "deleted": loss.deleted,
        **({"run": loss.run} if loss.run else {}),
        **({"since": _moment(loss.since)} if loss.since else {}),
    }


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
