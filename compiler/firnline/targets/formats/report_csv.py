"""A report for a spreadsheet: a row for each prefix of a bucket and retention."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import BoundedVolume
from firnline.inventory.forecast.stays import by_class
from firnline.inventory.portions.dollars import Dollars
from firnline.inventory.portions.due import StoredFate
from firnline.targets.report.model import DELETING, NEXT_MONTH, Line, Report
from firnline.targets.report.sentences import owners_in_words, retentions_in_words
from firnline.targets.report.verdict import moved

_DIGITS = 6


def to_csv(report: Report) -> str:
    classes = sorted({name for line in report.lines for name in by_class(line.portion.now.stored)})
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    rows = [dict(_row(line, classes, report)) for line in report.lines]
    if rows:
        writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return file.getvalue()


def _row(line: Line, classes: list[str], report: Report) -> Iterator[tuple[str, object]]:
    """Where it is not known for sure, the least and the most are told."""
    portion = line.portion
    now, stored = portion.now, by_class(portion.now.stored)
    yield "bucket", line.bucket
    yield "prefix", line.prefix
    yield "owner", owners_in_words(line.owners)
    yield "retention", retentions_in_words(line.retentions)
    yield "objects", now.total.objects
    yield "bytes", now.total.bytes
    yield "noncurrent_objects", now.noncurrent.objects
    yield "noncurrent_bytes", now.noncurrent.bytes
    yield "delete_markers", now.delete_markers
    yield "uploads", now.uploads.objects
    for name in classes:
        yield f"bytes_{name}", stored[name].bytes if name in stored else 0
    usd = portion.usd_a_month.amount
    yield "usd_a_month", "" if usd is None else round(float(usd.at_most), _DIGITS)
    for happens in DELETING:
        yield from _volume(f"next_month_{happens.value}", portion.done([happens], NEXT_MONTH))
    yield from _volume("next_month_moved", moved(portion, NEXT_MONTH))
    for fate in StoredFate:
        yield from _between(f"bytes_{fate.value}", portion.fate(fate).bytes)
    for name, total in portion.paid._asdict().items():
        yield from _dollars(f"{name}_usd", total)
    read = line.read
    yield "reads_known_since", read.since.isoformat() if read else ""
    yield "reads_known_until", read.until.isoformat() if read else ""
    yield "last_read", read.last.isoformat() if read and read.last else ""
    yield "reads_a_month", round(read.a_month, _DIGITS) if read else ""
    yield "months", len(report.months)
    yield "compared_with", report.base.name if report.base else "no rules"


def _volume(name: str, volume: BoundedVolume) -> Iterator[tuple[str, object]]:
    yield from _between(f"{name}_objects", volume.objects)
    yield from _between(f"{name}_bytes", volume.bytes)


def _between(name: str, amount: Between[int]) -> Iterator[tuple[str, object]]:
    yield f"{name}_at_least", amount.at_least
    yield f"{name}_at_most", amount.at_most


def _dollars(name: str, total: Dollars) -> Iterator[tuple[str, object]]:
    """Empty where they are not known; a line is of one bucket."""
    amount = total.amount
    yield f"{name}_at_least", "" if amount is None else round(float(amount.at_least), _DIGITS)
    yield f"{name}_at_most", "" if amount is None else round(float(amount.at_most), _DIGITS)
