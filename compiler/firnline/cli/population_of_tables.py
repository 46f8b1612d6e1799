"""An inventory or a summary of one → what checks need to know of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from firnline.cli.stored import StoredIn
from firnline.cli.stored_inventory import Inventoried
from firnline.cli.stored_summary import Summarised
from firnline.inventory.coverage.of_facts import FactsPopulation
from firnline.inventory.coverage.of_summary import SummaryPopulation
from firnline.inventory.coverage.population import Population
from firnline.inventory.facts.frame import Column

_NEEDED = (Column.SIZE, Column.STORAGE_CLASS)


@contextmanager
def of_table(stored: StoredIn) -> Iterator[Population]:
    """Raises `CommandFailed`."""
    if isinstance(stored, Summarised):
        yield SummaryPopulation(stored.summary)
        return
    assert isinstance(stored, Inventoried)
    with stored.reading("check", _NEEDED) as facts:
        yield FactsPopulation(facts)
