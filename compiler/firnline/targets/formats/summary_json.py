"""What is stored, summed up, as data: versioned (`firnline schema summary`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from firnline.inventory.summary.breakdown import By
from firnline.targets.summed_up import Summaries, SummedUp

SCHEMA_VERSION = 1


def to_json(summaries: Summaries) -> str:
    document = {"schema_version": SCHEMA_VERSION, "buckets": [_bucket(each) for each in summaries]}
    return json.dumps(document, indent=2) + "\n"


def _bucket(found: SummedUp) -> Mapping[str, Any]:
    summary = found.summary
    return {
        "bucket": summary.bucket,
        "facts": found.facts,
        "as_of": f"{summary.as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "all_versions": summary.all_versions,
        "ages_by": summary.ages_by.value,
        "versions_together": summary.cut.together,
        "groups": sum(1 for _ in summary.rows),
        "parts": {
            by.value: [
                {
                    "name": part.name,
                    "objects": part.volume.objects,
                    "bytes": part.volume.bytes,
                    **({"depth": part.depth} if by is By.PREFIX else {}),
                }
                for part in found.parts
                if part.by is by
            ]
            for by in By
        },
    }
