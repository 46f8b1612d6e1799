"""Logs of reads, and what is stored → what is known of the readers of each prefix."""

from __future__ import annotations

from collections.abc import Sequence

from firnline.cli.failed import CommandFailed
from firnline.cli.stored import Listed, StoredIn
from firnline.consumers.found import Found
from firnline.diagnostics.visible import visible
from firnline.inventory.advice.evidence import Evidence
from firnline.inventory.layouts.recognised import of_items, of_summary


def evidence_of(stored: StoredIn, prefixes: Sequence[str], reads: str) -> Evidence:
    """Raises `CommandFailed`."""
    from firnline.cli.read_logs import open_reads  # an extra

    bucket = stored.bucket or ""
    with open_reads(reads) as table:
        found = table.of(bucket)
        if found is None:
            raise CommandFailed(f"{visible(reads)} tells no reads of bucket `{visible(bucket)}`")
        return Evidence(found.known, table.below(bucket, prefixes), _layouts(stored))


def _layouts(stored: StoredIn) -> tuple[Found, ...]:
    if isinstance(stored, Listed):
        return tuple(each.found for each in of_items(stored.items))
    from firnline.cli.stored_inventory import Inventoried  # extras
    from firnline.cli.stored_summary import Summarised

    if isinstance(stored, Summarised):
        return tuple(each.found for each in of_summary(stored.summary.cut.prefixes))
    assert isinstance(stored, Inventoried)
    from firnline.inventory.layouts.recognise import recognise

    with stored.reading("advise", ()) as facts:
        return tuple(each.found for each in recognise(facts))
