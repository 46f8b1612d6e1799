"""What was read, for a spreadsheet: a row for each prefix, the first of the whole bucket."""

from __future__ import annotations

import csv
from io import StringIO

from firnline.targets.read_report import ReadReport

_COLUMNS = (
    *("bucket", "prefix", "depth", "last_read", "reads", "bytes", "objects"),
    *("reads_per_month", "bytes_per_month", "since", "until", "days", "gaps"),
)


def to_csv(report: ReadReport) -> str:
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for bucket, lines in report.buckets:
        known = bucket.known
        since, until = known.period.since, known.period.until
        period = (f"{since:%FT%TZ}", f"{until:%FT%TZ}", round(known.days, 2), len(known.gaps))
        for depth, prefix, found in lines:
            last = f"{found.last:%FT%TZ}" if found.last else ""
            amounts = (found.reads, found.bytes, found.keys)
            a_month = (round(known.a_month(found.reads), 2), round(known.a_month(found.bytes)))
            rows.writerow((bucket.bucket, prefix, depth, last, *amounts, *a_month, *period))
    return text.getvalue()
