"""What no policy covers, for a spreadsheet."""

from __future__ import annotations

import csv
from io import StringIO

from firnline.inventory.coverage.uncovered import Amount
from firnline.inventory.money import to_cents
from firnline.targets.coverage_report import CoverageReport

_COLUMNS = ("bucket", "is", "prefix", "depth", "objects", "bytes", "usd_a_month")


def to_csv(report: CoverageReport) -> str:
    """Of each bucket a row for all that is stored, for what no retention covers, for what is not
    decided, for what rules of others delete, and for each prefix of what no retention covers; then
    the buckets without a policy of which nothing is told, and the covered ones.
    """
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for each in report.coverage.buckets:
        for name, amount in (
            ("stored", each.stored),
            ("uncovered", each.uncovered),
            ("not_decided", each.perhaps),
            ("of_others", each.of_others),
        ):
            rows.writerow([each.bucket, name, "", 0, *_amount(amount)])
        for folder in each.folders or ():
            row = [each.bucket, "prefix", folder.prefix, folder.depth]
            rows.writerow([*row, *_amount(folder.amount)])
    told = {each.bucket for each in report.coverage.buckets}
    for bare in report.coverage.unpoliced:
        if bare.bucket not in told:
            rows.writerow([bare.bucket, "without_policy", "", "", "", "", ""])
    for name in report.coverage.untold:
        rows.writerow([name, "not_told", "", "", "", "", ""])
    return text.getvalue()


def _amount(found: Amount) -> tuple[object, ...]:
    usd = found.usd_a_month
    return found.volume.objects, found.volume.bytes, "" if usd is None else to_cents(usd)
