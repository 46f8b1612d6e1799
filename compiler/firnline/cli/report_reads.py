"""`firnline report --reads`: when was what counts to each prefix read last, and how often?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from firnline.cli.known_reads import for_which_time
from firnline.diagnostics.visible import visible
from firnline.targets.report.model import Read, Report


def with_reads(report: Report, named: str) -> Report:
    """`named`: the logs, or what was saved of them. The facts say for which time they tell of each
    bucket. Raises `CommandFailed`.
    """
    from firnline.cli.read_logs import open_reads  # an extra, and slow to import

    prefixes: dict[str, dict[str, None]] = defaultdict(dict)
    for line in report.lines:
        prefixes[line.bucket][line.prefix] = None
    found: dict[tuple[str, str], Read] = {}
    facts = list(report.forecast.facts)
    with open_reads(named) as reads:
        for bucket, here in prefixes.items():
            told = reads.of(bucket)
            facts.append(for_which_time(visible(bucket), told))
            if told is None:
                continue
            period = told.known.period
            for prefix, below in reads.below(bucket, list(here), once=True).items():
                found[bucket, prefix] = Read(
                    below.last, told.known.a_month(below.reads), period.since, period.until
                )
    lines = (replace(line, read=found.get((line.bucket, line.prefix))) for line in report.lines)
    forecast = replace(report.forecast, facts=tuple(facts))
    return replace(report, lines=tuple(lines), forecast=forecast)
