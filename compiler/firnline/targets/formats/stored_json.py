"""What is stored, as data: versioned (`firnline schema stored`)."""

from __future__ import annotations

import json

from firnline.inventory.forecast.cost import Usd
from firnline.inventory.forecast.volume import Volume
from firnline.targets.stored_report import Part, StoredReport, TagLine

SCHEMA_VERSION = 1
_DIGITS = 6


def to_json(report: StoredReport) -> str:
    document: dict[str, object] = {
        "schema_version": SCHEMA_VERSION,
        "bucket": report.bucket,
        "facts": report.facts,
        "prices": report.prices,
        "prefixes": [
            {
                "prefix": line.prefix,
                "depth": line.depth,
                **({"owners": list(line.owners)} if report.has_owners else {}),
                **_amounts(line.total, line.usd_a_month),
            }
            for line in report.lines
        ],
    }
    if report.by_tag:
        document["tags"] = [
            {"tag": each.tag, "parts": [_part(line) for line in each.lines]}
            for each in report.by_tag
        ]
    if report.by_owner is not None:
        document["owners"] = [
            {"owners": list(line.owners), **_amounts(line.total, line.usd_a_month)}
            for line in report.by_owner
        ]
    return json.dumps(document, indent=2) + "\n"


def _part(line: TagLine) -> dict[str, object]:
    told: dict[str, object] = {"is": line.part.value}
    if line.part is Part.VALUE:
        told["value"] = line.value
    if line.part is Part.OTHER_VALUES:
        told["values"] = int(line.value)
    return told | _amounts(line.total, line.usd_a_month)


def _amounts(total: Volume, usd: Usd) -> dict[str, object]:
    return {
        "objects": total.objects,
        "bytes": total.bytes,
        "usd_a_month": round(float(usd), _DIGITS),
    }
