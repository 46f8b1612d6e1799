"""Was a run read within a time, as far as reads are known?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from firnline.reach.experiments.model import Run
from firnline.reach.experiments.reads import Reads
from firnline.reach.experiments.remarks import RemarkKind
from firnline.reach.location import Location

LATEST_UNKNOWN: Final = timedelta(days=2)
"""How long before now what is known of reads may end: logs are delivered hours late."""


@dataclass(frozen=True, slots=True)
class KeptByReads:
    """`doubt` is set where it is kept as its reads are not known."""

    because: str
    doubt: RemarkKind | None = None


def why_read(run: Run, within: timedelta, reads: Reads | None, now: datetime) -> KeptByReads | None:
    """Set if something of it was read within that time, or may have been. A run without anything of
    its own in S3 cannot be read there.
    """
    places = tuple(_own(run))
    if reads:
        moments = [moment for each in places if (moment := reads.newest(each))]
        newest = max(moments, default=None)
        if newest is not None and now - newest <= within:
            return KeptByReads(f"read on {newest:%Y-%m-%d}")
    for bucket in dict.fromkeys(each.bucket for each in places):
        if doubt := _doubt(bucket, within, reads, now):
            return doubt
    return None


def _own(run: Run) -> Iterator[Location]:
    yield from run.roots
    yield from run.readings
    for each in run.outputs:
        yield from each.locations


def _doubt(
    bucket: str, within: timedelta, reads: Reads | None, now: datetime
) -> KeptByReads | None:
    unknown = f"reads are not known since {now - within:%Y-%m-%d}"
    if reads is None:
        return KeptByReads(unknown, RemarkKind.READS_NOT_NAMED)
    of = reads.of.get(bucket)
    if of is None:
        return KeptByReads(unknown, RemarkKind.READS_WITHOUT_BUCKET)
    if of.period.since > now - within:
        only = f"reads are known only since {of.period.since:%Y-%m-%d}"
        return KeptByReads(only, RemarkKind.READS_BEGIN_LATE)
    if of.period.until < now - LATEST_UNKNOWN:
        ended = f"reads are not known since {of.period.until:%Y-%m-%d}"
        return KeptByReads(ended, RemarkKind.READS_END_EARLY)
    return None
