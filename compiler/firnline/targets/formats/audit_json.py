"""What nobody needs, as data: versioned (`firnline schema audit`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from firnline.reach.mark.report import Audit, BucketAudit, ObjectClass, Orphan, Share, Total
from firnline.reach.reference_lines import moment

SCHEMA_VERSION = 1
_DIGITS = 6


def to_json(audit: Audit) -> str:
    document = {
        "schema_version": SCHEMA_VERSION,
        "references": moment(audit.references),
        "registries": [
            {
                "name": each.name,
                "kind": each.kind,
                "records": each.records,
                "is_counted": each.is_counted,
            }
            for each in audit.registries
        ],
        "prices": audit.prices,
        "assumptions": list(audit.assumptions),
        "buckets": [_bucket(each) for each in audit.buckets],
        "missing": [
            {
                "location": each.location,
                "strength": each.strength,
                "because": list(each.because),
                "registry": each.registry,
                **_given(owner=each.owner),
            }
            for each in audit.missing
        ],
        "more_missing": audit.more_missing,
        **_beside(audit),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _beside(audit: Audit) -> Mapping[str, Any]:
    """What is only there where an option says so."""
    told: dict[str, Any] = {}
    if audit.gone is not None:
        told["gone"] = [
            {
                "owner": each.owner,
                "active": _amounts(each.active),
                "unneeded": _amounts(each.unneeded),
                **_given(successor=each.successor, because=each.because),
            }
            for each in audit.gone
        ]
    if audit.changes is not None:
        told["changes"] = [
            {
                "bucket": each.of.bucket,
                **_given(reason=each.of.reason, owner=each.of.owner, experiment=each.of.experiment),
                "before": _amounts(each.before),
                "now": _amounts(each.now),
            }
            for each in audit.changes
        ]
    return told


def _bucket(bucket: BucketAudit) -> Mapping[str, Any]:
    return {
        "bucket": bucket.bucket,
        "facts": bucket.facts,
        "as_of": moment(bucket.made),
        "classes": {each.value: _amounts(bucket.total(each)) for each in ObjectClass},
        "noncurrent": None if bucket.noncurrent is None else _amounts(bucket.noncurrent),
        "delete_markers": bucket.delete_markers,
        "shares": [_share(each) for each in bucket.shares],
        "orphans": [
            {
                "key": each.key,
                **_given(version_id=each.version_id),
                "bytes": each.bytes,
                "last_modified": moment(each.last_modified),
                "reason": each.reason,
                **_given(owner=each.owner, experiment=each.experiment),
                "usd_a_month": round(each.usd_a_month, _DIGITS),
                **_read(each),
            }
            for each in bucket.orphans
        ],
    }


def _read(orphan: Orphan) -> dict[str, Any]:
    """Nothing where reads are not known."""
    if orphan.reads_a_month is None:
        return {}
    last = orphan.last_read and moment(orphan.last_read)
    return {"last_read": last, "reads_per_month": round(orphan.reads_a_month, _DIGITS)}


def _share(share: Share) -> Mapping[str, Any]:
    return {
        "class": share.is_.value,
        **_given(
            strength=share.strength,
            reason=share.reason,
            owner=share.owner,
            experiment=share.experiment,
        ),
        **_amounts(share.total),
    }


def _amounts(total: Total) -> Mapping[str, Any]:
    return {
        "objects": total.objects,
        "bytes": total.bytes,
        "usd_a_month": round(total.usd_a_month, _DIGITS),
    }


def _given(**fields: str | None) -> Mapping[str, str]:
    return {name: value for name, value in fields.items() if value is not None}
