"""A report as data: the model of all its formats (`firnline schema retention-report`)."""

from __future__ import annotations

import json
from typing import Any

from firnline.diagnostics.json import diagnostic_json
from firnline.s3.compare.story import Story
from firnline.s3.terms import Days
from firnline.targets.between_json import rounded, volume_of
from firnline.targets.report.model import (
    Ages,
    ComparedWith,
    Decides,
    KeptRules,
    Read,
    Report,
    RetentionLine,
    RetentionName,
)
from firnline.targets.report.needed import Needed, Unneeded
from firnline.targets.report.portion_json import (
    events_json,
    paid_json,
    portion_json,
    stored_json,
    usd_json,
    without_json,
)
from firnline.targets.report.verdict import Deletions, Verdict, verdict

SCHEMA_VERSION = 1
_DIGITS = 6


def to_json(report: Report) -> str:
    forecast = report.forecast
    document = {
        "schema_version": SCHEMA_VERSION,
        "name": report.name,
        "as_of": report.as_of.isoformat(),
        "base": None if report.base is None else _base(report.base),
        "facts": list(forecast.facts),
        "prices": [each.in_words for each in forecast.prices],
        "unpriced": [
            {"bucket": each.bucket, "region": each.why.region, "why": str(each.why)}
            for each in report.unpriced
        ],
        "not_counted": [each.value for each in forecast.not_counted],
        "exact": forecast.change.is_exact,
        "verdict": _verdict(verdict(report), report.base),
        "approvers": list(report.approvers),
        "whole": portion_json(report.whole),
        "months": _months(report),
        "owners": [
            {"owners": list(each.owners), **portion_json(each.portion)} for each in report.owners
        ],
        "buckets": [
            {
                "bucket": each.name,
                "account": each.account,
                "region": each.region,
                "versioning": each.versioning.value,
                **portion_json(each.portion),
            }
            for each in report.buckets
        ],
        "prefixes": [
            {
                "bucket": line.bucket,
                "prefix": line.prefix,
                "owners": list(line.owners),
                "retentions": [_decides(each) for each in line.retentions],
                "reads": None if line.read is None else _read(line.read),
                **portion_json(line.portion),
            }
            for line in report.lines
        ],
        "retentions": [_retention_line(each) for each in report.retentions],
        "ages": None if report.ages is None else _ages(report.ages),
        "coverage": {
            "not_told": list(report.coverage.not_told),
            "not_covered": list(report.coverage.not_covered),
        },
        "needed": None if report.needed is None else _needed(report.needed),
        "unneeded": None if report.unneeded is None else _unneeded(report.unneeded),
    }
    return json.dumps(document, indent=2) + "\n"


def _base(base: ComparedWith) -> dict[str, Any]:
    read_at = base.read_at and base.read_at.isoformat()
    return {"name": base.name, "commit": base.commit, "read_at": read_at}


def _verdict(found: Verdict, base: ComparedWith | None) -> dict[str, Any]:
    return {
        "from": found.first.isoformat(),
        "until": found.end.isoformat(),
        **_deleting(found.deletions),
        "by_base": None if base is None else _by_base(found),
        "moved": volume_of(found.moved),
        "contacts": [
            {
                "owners": list(each.owners),
                **_deleting(each.deletions),
                "prefixes": [{"bucket": one.bucket, "prefix": one.prefix} for one in each.lines],
            }
            for each in found.contacts
        ],
        "usd_a_month": usd_json(found.usd_a_month),
        "before_usd": usd_json(found.before_usd),
        "after_usd": usd_json(found.after_usd),
        "saved_usd_next_month": usd_json(found.saves_next_month),
        "saved_usd": usd_json(found.saves),
        "usd_without": without_json(found.saves),
    }


def _by_base(found: Verdict) -> dict[str, Any]:
    return {**_deleting(found.deletions_before), "newly_lost": volume_of(found.newly_lost)}


def _deleting(found: Deletions) -> dict[str, Any]:
    return {
        "deleted": volume_of(found.deleted),
        "hidden": volume_of(found.hidden),
        "aborted": volume_of(found.aborted),
    }


def _months(report: Report) -> list[dict[str, Any]]:
    change, whole = report.forecast.change, report.whole
    return [
        {
            "month": place + 1,
            "from": f"{report.starts[place]:%Y-%m-%d}",
            "until": f"{report.starts[place + 1]:%Y-%m-%d}",
            **paid_json(report.paid(place)),
            "stored_before": volume_of(change.before.stored[place]),
            "stored_after": volume_of(change.after.stored[place]),
            **events_json(whole, place),
        }
        for place in report.months
    ]


def _read(read: Read) -> dict[str, Any]:
    return {
        "known_since": read.since.isoformat(),
        "known_until": read.until.isoformat(),
        "last_read": read.last and read.last.isoformat(),
        "reads_a_month": round(read.a_month, _DIGITS),
    }


def _decides(decides: Decides) -> dict[str, Any] | None:
    if isinstance(decides, KeptRules):
        return {"kept_rules": list(decides.ids)}
    return decides and _retention(decides)


def _retention(retention: RetentionName) -> dict[str, Any]:
    return {"policy": retention.policy, "name": retention.name, "owner": retention.owner}


def _retention_line(line: RetentionLine) -> dict[str, Any]:
    return {
        "bucket": line.bucket,
        "prefix": line.prefix,
        **_retention(line.retention),
        "objects": _story(line.objects),
        "noncurrent_versions": None if line.old_versions is None else _story(line.old_versions),
    }


def _story(story: Story) -> dict[str, Any]:
    ends = [int(step.when) for step in story.ends if isinstance(step.when, Days)]
    return {
        "moves": [
            {"days": int(step.when), "storage_class": step.into}
            for step in story.moves
            if isinstance(step.when, Days)
        ],
        "deleted_after_days": ends[0] if ends else None,
    }


def _ages(ages: Ages) -> dict[str, Any]:
    return {
        "bands": [{"least_days": each.least, "under_days": each.under} for each in ages.bands],
        "classes": {
            name: [stored_json(volume) for volume in volumes]
            for name, volumes in ages.by_class.items()
        },
        "not_told": list(ages.not_told),
    }


def _needed(found: Needed) -> dict[str, Any]:
    return {
        "read_on": found.read_on.isoformat(),
        "registries": list(found.registries),
        "references": found.references,
        "findings": [diagnostic_json(each) for each in found.findings],
    }


def _unneeded(found: Unneeded) -> dict[str, Any]:
    return {
        "read_on": found.read_on,
        "prices": found.prices,
        "facts": list(found.facts),
        "orphans": [
            {**each._asdict(), "usd_a_month": rounded(each.usd_a_month)} for each in found.orphans
        ],
    }
