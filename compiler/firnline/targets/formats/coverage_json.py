"""What no policy covers, as data: versioned (`firnline schema coverage`)."""

from __future__ import annotations

import json
from typing import Any

from firnline.inventory.coverage.uncovered import Amount, BucketCoverage
from firnline.targets.coverage_report import CoverageReport, Registries

SCHEMA_VERSION = 1
_DIGITS = 6


def to_json(report: CoverageReport) -> str:
    found = report.coverage
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "locked_buckets": found.locked,
        "buckets_without_policy": [
            {"bucket": each.bucket, "account": each.account_id} for each in found.unpoliced
        ],
        "prices": list(found.prices),
        "buckets": [_bucket(each) for each in found.buckets],
        "not_told": list(found.untold),
    }
    if report.registries is not None:
        document["registries"] = _registries(report.registries)
    return json.dumps(document, indent=2) + "\n"


def _bucket(each: BucketCoverage) -> dict[str, Any]:
    folders = None
    if each.folders is not None:
        folders = [
            {"prefix": folder.prefix, "depth": folder.depth, **amount(folder.amount)}
            for folder in each.folders
        ]
    return {
        "bucket": each.bucket,
        "region": each.region,
        "has_policy": each.has_policy,
        "as_of": None if each.as_of is None else each.as_of.isoformat(),
        "stored": amount(each.stored),
        "uncovered": amount(each.uncovered),
        "not_decided": amount(each.perhaps),
        "of_others": amount(each.of_others),
        "prefixes": folders,
    }


def amount(found: Amount) -> dict[str, Any]:
    usd = found.usd_a_month
    return {
        "objects": found.volume.objects,
        "bytes": found.volume.bytes,
        "usd_a_month": None if usd is None else round(float(usd), _DIGITS),
    }


def _registries(found: Registries) -> dict[str, Any]:
    return {
        "file": found.file,
        "read": found.read.isoformat(),
        "folders": found.folders,
        "gaps": [
            {
                "location": str(each.root.location),
                "what": each.root.what,
                "registry": each.registry,
                "gap": each.gap.name.lower(),
                "covered_parts": list(each.parts),
            }
            for each in found.gaps
        ],
    }
