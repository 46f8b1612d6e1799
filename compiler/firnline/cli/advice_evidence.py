"""Logs of reads, and what is stored → what is known of the readers of each prefix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from firnline.cli.failed import CommandFailed
from firnline.cli.stored import Listed, StoredIn
from firnline.consumers.found import Found
from firnline.diagnostics.visible import visible
from firnline.inventory.advice.evidence import Evidence
from firnline.inventory.layouts.recognised import of_items, of_summary

if TYPE_CHECKING:  # it needs an extra
    from firnline.inventory.reads.reads_table import ReadsTable


@contextmanager
def reads_opened(named: str | None, bucket: str) -> Iterator[ReadsTable | None]:
    """Raises `CommandFailed`."""
    if named is None:
        yield None
        return
    from firnline.cli.read_logs import open_reads  # an extra

    with open_reads(named) as table:
        if table.of(bucket) is None:
            raise CommandFailed(f"{visible(named)} tells no reads of bucket `{visible(bucket)}`")
        yield table


def evidence_of(
    stored: StoredIn, prefixes: Sequence[str], table: ReadsTable | None, *, by_age: bool
) -> Evidence:
    """Raises `CommandFailed`."""
    found = table.of(stored.bucket or "") if table else None
    layouts = _layouts(stored)
    if table is None or found is None:
        return Evidence(layouts=layouts)
    below = table.below(found.bucket, prefixes)
    return Evidence(found.known, below, by_age, layouts)


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
