"""Reads of objects at some ages → the classes in which rules would have them then, and the cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from firnline.inventory.forecast.reads import BucketCells, ClassReads, ReadCell, ReadVolume
from firnline.inventory.payback.moves import By
from firnline.inventory.prices.price_list import Prices
from firnline.inventory.prices.retrieval import retrieval
from firnline.s3.billing import GB
from firnline.s3.simulate.batch import Batch, BatchStep
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.terms import Clock

_FIRST = "STANDARD"


class ColdRead(NamedTuple):
    """Reads in a month of what a transition has moved by then, by logs of that time; `usd` None
    where the price of reading in the region is not known.
    """

    volume: ReadVolume
    usd: Fraction | None
    since: datetime
    until: datetime
    region: str

    def plus(self, other: ColdRead) -> ColdRead:
        usd = None if self.usd is None or other.usd is None else self.usd + other.usd
        since, until = min(self.since, other.since), max(self.until, other.until)
        return ColdRead(self.volume.plus(other.volume), usd, since, until, self.region)


def cold_reads(batch: Batch, found: BucketCells, prices: Prices) -> Mapping[By, ColdRead]:
    """Of the transitions of these rules."""
    cold: dict[By, ColdRead] = {}
    for by, volume in read_by(batch, found.cells).items():
        assert by.into is not None
        a_month = in_a_month(found, volume)
        usd = cost_of(prices, by.into, a_month)
        cold[by] = ColdRead(a_month, usd, found.since, found.until, prices.region)
    return cold


def cost_of(prices: Prices, storage_class: str, volume: ReadVolume) -> Fraction | None:
    """In dollars; None where the price is not known."""
    found = retrieval(prices, storage_class)
    if found is None:
        return None
    return (
        Fraction(found.a_thousand_reads) * volume.reads / 1_000
        + Fraction(found.a_gb) * volume.bytes / GB
        + Fraction(found.a_thousand_restores) * volume.restores / 1_000
        + Fraction(found.a_restored_gb) * volume.restored_bytes / GB
    )


def read_by(batch: Batch, cells: Iterable[ReadCell]) -> Mapping[By, ReadVolume]:
    """Of the transitions that objects have behind them when they are read; those that had none, and
    what is deleted by then, are left out.
    """
    found: dict[By, ReadVolume] = defaultdict(ReadVolume)
    for cell, step in _in_force(batch, cells):
        if step is not None and step.left is not None:
            by = By(step.taken.rules, Clock.OBJECTS, step.left)
            found[by] = found[by].plus(cell.volume)
    return found


def class_reads(batch: Batch, found: BucketCells, prices: Prices) -> Mapping[str, ClassReads]:
    """In a month. Objects count as written into STANDARD, and what is deleted as not read."""
    volumes: dict[str, ReadVolume] = defaultdict(ReadVolume)
    for cell, step in _in_force(batch, found.cells):
        storage_class = _FIRST if step is None else step.left
        if storage_class is not None:
            volumes[storage_class] = volumes[storage_class].plus(cell.volume)
    months = {name: in_a_month(found, volume) for name, volume in volumes.items()}
    return {name: ClassReads(each, cost_of(prices, name, each)) for name, each in months.items()}


def in_a_month(found: BucketCells, volume: ReadVolume) -> ReadVolume:
    return ReadVolume(*map(found.a_month, volume))


def _in_force(
    batch: Batch, cells: Iterable[ReadCell]
) -> Iterable[tuple[ReadCell, BatchStep | None]]:
    """The last step that the rules have taken by that age; None where there is none."""
    known: dict[object, tuple[BatchStep, ...]] = {}
    for cell in cells:
        if cell.example not in known:
            known[cell.example] = tuple(batch.steps(cell.example))
        day = midnight_from(cell.example.created) + timedelta(days=cell.age)
        past = [step for step in known[cell.example] if step.at <= day]
        yield cell, past[-1] if past else None
