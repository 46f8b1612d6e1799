"""What files tell of a bucket, in whatever form → what checks need to know of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from firnline.cli.listing_file import called
from firnline.cli.stored import Listed, StoredIn
from firnline.cli.stored_metrics import Measured
from firnline.diagnostics.visible import visible
from firnline.inventory.coverage.of_items import ItemsPopulation
from firnline.inventory.coverage.of_sizes import SizesPopulation
from firnline.inventory.coverage.population import Population


class Told(NamedTuple):
    """`facts` goes into the middle of a sentence; `as_of` is None where the facts have no date."""

    population: Population
    facts: str
    as_of: datetime | None


@contextmanager
def population_of(stored: StoredIn, bucket: str) -> Iterator[Told]:
    """For as long as it is looked at. Raises `CommandFailed`."""
    name = visible(stored.bucket or bucket)
    if isinstance(stored, Listed):
        facts = f"`{name}` (listed in {visible(called(stored.path))})"
        yield Told(ItemsPopulation(stored.items), facts, None)
    elif isinstance(stored, Measured):
        facts = f"`{name}` (CloudWatch, {stored.metrics.day})"
        yield Told(SizesPopulation(stored.metrics), facts, stored.as_of)
    else:
        # Extras, and slow to import.
        from firnline.cli.population_of_tables import of_table

        with of_table(stored) as population:
            facts = f"`{name}` ({stored.as_of:%Y-%m-%d})"
            yield Told(population, facts, stored.as_of)
