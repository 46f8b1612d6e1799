"""`firnline report --reads`: when was what counts to each prefix read last, and how often?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from firnline.targets.report.model import Line, Read


def with_reads(lines: Sequence[Line], named: str) -> tuple[Line, ...]:
    """`named`: the logs, or what was saved of them. Raises `CommandFailed`."""
    from firnline.cli.read_logs import open_reads  # an extra, and slow to import

    prefixes: dict[str, dict[str, None]] = defaultdict(dict)
    for line in lines:
        prefixes[line.bucket][line.prefix] = None
    found: dict[tuple[str, str], Read] = {}
    with open_reads(named) as reads:
        for bucket, here in prefixes.items():
            told = reads.of(bucket)
            if told is None:
                continue
            period = told.known.period
            for prefix, below in reads.below(bucket, list(here), once=True).items():
                found[bucket, prefix] = Read(
                    below.last, told.known.a_month(below.reads), period.since, period.until
                )
    return tuple(replace(line, read=found.get((line.bucket, line.prefix))) for line in lines)
