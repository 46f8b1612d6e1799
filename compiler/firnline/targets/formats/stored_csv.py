"""What is stored, for a spreadsheet."""

from __future__ import annotations

import csv
from io import StringIO

from firnline.inventory.money import to_cents
from firnline.targets.stored_report import StoredReport

_COLUMNS = (
    *("bucket", "by", "prefix", "depth", "owners", "tag", "value"),
    *("objects", "bytes", "usd_a_month"),
)


def to_csv(report: StoredReport) -> str:
    """A row for each prefix, the first of the whole bucket; then one for each value of a tag,
    and for each owner, which is empty for no policy.
    """
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for line in report.lines:
        prefix = ["prefix", line.prefix, line.depth, ", ".join(line.owners), "", ""]
        rows.writerow([report.bucket, *prefix, *line.total[:2], to_cents(line.usd_a_month)])
    for each in report.by_tag:
        for part in each.lines:
            tag = [part.part.value, "", "", "", each.tag, part.value]
            rows.writerow([report.bucket, *tag, *part.total[:2], to_cents(part.usd_a_month)])
    for owned in report.by_owner or ():
        owners = ["owner", "", "", " or ".join(each or "" for each in owned.owners), "", ""]
        rows.writerow([report.bucket, *owners, *owned.total[:2], to_cents(owned.usd_a_month)])
    return text.getvalue()
