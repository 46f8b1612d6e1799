"""What is stored, summed up, for a spreadsheet."""

from __future__ import annotations

import csv
from io import StringIO

from firnline.targets.summed_up import Summaries


def to_csv(summaries: Summaries) -> str:
    """A row for each part: `by` says of what. Prefixes are with all that is below them."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["bucket", "by", "name", "objects", "bytes"])
    for each in summaries:
        for part in each.parts:
            rows.writerow([each.summary.bucket, part.by.value, part.name, *part.volume[:2]])
    return text.getvalue()
