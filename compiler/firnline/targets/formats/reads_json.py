"""What was read, as data: versioned (`firnline schema reads`)."""

from __future__ import annotations

import json

from firnline.inventory.reads.known import Known, Period
from firnline.targets.read_report import BucketReads, ReadLine, ReadReport

SCHEMA_VERSION = 1
_DIGITS = 2


def to_json(report: ReadReport) -> str:
    document = {
        "schema_version": SCHEMA_VERSION,
        "facts": report.facts,
        "buckets": [_bucket(each) for each in report.buckets],
        "unreadable": [
            {"file": each.file, "lines": each.lines, "sample": each.sample}
            for each in report.unreadable
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _bucket(found: BucketReads) -> dict[str, object]:
    bucket = found.bucket
    return {
        "bucket": bucket.bucket,
        **_period(bucket.known.period),
        "days": round(bucket.known.days, _DIGITS),
        "gaps": [_period(gap) for gap in bucket.known.gaps],
        "requests": bucket.requests,
        "by_s3": bucket.by_s3,
        "prefixes": [_line(line, bucket.known) for line in found.lines],
    }


def _line(line: ReadLine, known: Known) -> dict[str, object]:
    found = line.found
    return {
        "prefix": line.prefix,
        "depth": line.depth,
        "last_read": f"{found.last:%FT%TZ}" if found.last else None,
        "reads": found.reads,
        "bytes": found.bytes,
        "objects": found.keys,
        "reads_per_month": round(known.a_month(found.reads), _DIGITS),
        "bytes_per_month": round(known.a_month(found.bytes)),
    }


def _period(period: Period) -> dict[str, object]:
    return {"since": f"{period.since:%FT%TZ}", "until": f"{period.until:%FT%TZ}"}
