"""What was read, for people: for which time that is known, and a table of prefixes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.inventory.reads.known import Known, Period
from firnline.inventory.reads.read_bucket import ReadBelow
from firnline.s3.terms import Bytes
from firnline.targets.aligned import aligned
from firnline.targets.read_report import BucketReads, ReadReport

_LISTED: Final = 5


def to_text(report: ReadReport, columns: int) -> str:
    lines = list(wrapped(report.facts, columns, hanging=2))
    for each in report.buckets:
        lines.append("")
        for said in _head(each):
            lines += wrapped(said, columns, hanging=2)
        lines += ["", *aligned(_rows(each), columns, right=(0, 1, 2))]
    for said in _unreadable(report):
        lines += wrapped(said, columns, hanging=2)
    return "\n".join(lines) + "\n"


def _head(found: BucketReads) -> Iterator[str]:
    bucket, known = found.bucket, found.bucket.known
    yield f"{visible(bucket.bucket)}: reads are known from {_from_to(known.period)}"
    for gap in known.gaps[-_LISTED:]:
        yield f"no request is in the logs from {_from_to(gap)}: anything may have been read then"
    if len(known.gaps) > _LISTED:
        yield f"and in {how_many(len(known.gaps) - _LISTED, 'gap')} before"
    own = f", and {bucket.by_s3:,} by S3 itself, which are no reads" if bucket.by_s3 else ""
    yield f"{how_many(bucket.requests, 'request')}, of which {bucket.reads:,} read objects{own}"


def _from_to(period: Period) -> str:
    return f"{period.since:%Y-%m-%d %H:%M}Z to {period.until:%Y-%m-%d %H:%M}Z"


def _rows(found: BucketReads) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [
        ("reads a month", "size a month", "objects", "last read", "prefix")
    ]
    whole, *folders = found.lines
    for line in folders:
        rows.append(
            (
                *_amounts(found.bucket.known, line.found),
                "  " * (line.depth - 1) + visible(line.prefix),
            )
        )
    rows.append((*_amounts(found.bucket.known, whole.found), "in all"))
    return rows


def _amounts(known: Known, found: ReadBelow) -> tuple[str, ...]:
    a_month = round(known.a_month(found.bytes))
    last = f"{found.last:%Y-%m-%d}" if found.last else "-"
    return (f"{known.a_month(found.reads):,.0f}", Bytes(a_month).rounded, f"{found.keys:,}", last)


def _unreadable(report: ReadReport) -> Iterator[str]:
    if not report.unreadable:
        return
    yield ""
    lines = how_many(report.unreadable_lines, "line")
    yield f"{lines} could not be read, and may be reads of anything:"
    for each in report.unreadable[:_LISTED]:
        such = visible(each.sample)
        yield f"  {visible(each.file)}: {how_many(each.lines, 'line')}, such as {such}"
    if len(report.unreadable) > _LISTED:
        yield f"  and in {how_many(len(report.unreadable) - _LISTED, 'more file')}"
