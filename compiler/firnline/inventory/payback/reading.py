"""Reads of objects at some ages → the classes in which rules would have them then, and the cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.reads import (
    DAYS_OF_A_MONTH,
    BucketCells,
    ClassReads,
    OpenReads,
    ReadCell,
    ReadsUnder,
    ReadVolume,
)
from firnline.inventory.forecast.stays import INTELLIGENT_TIERING
from firnline.inventory.payback.moves import By
from firnline.inventory.payback.read_there import ReadThere, There
from firnline.inventory.prices.price_list import NoPrice, Prices
from firnline.inventory.prices.retrieval import HOURS, retrieval
from firnline.s3.billing import GB
from firnline.s3.simulate.batch import Batch
from firnline.s3.terms import AccessTier


class ColdRead(NamedTuple):
    """Reads in a month of what a transition has moved by then, by logs of that time: what it surely
    has moved, and what it may have, where that depends on tags that are not known.
    """

    surely: ClassReads
    at_most: ClassReads
    since: datetime
    until: datetime
    region: str

    def plus(self, other: ColdRead) -> ColdRead:
        return ColdRead(
            self.surely.plus(other.surely),
            self.at_most.plus(other.at_most),
            min(self.since, other.since),
            max(self.until, other.until),
            self.region,
        )


def cold_reads(batch: Batch, found: BucketCells, prices: Prices) -> Mapping[By, ColdRead]:
    """Of the transitions of these rules."""
    cold: dict[By, ColdRead] = {}
    for by, volumes in read_by(batch, found.cells).items():
        assert by.into is not None
        surely, at_most = (_priced(prices, by.into, in_a_month(found, each)) for each in volumes)
        cold[by] = ColdRead(surely, at_most, found.since, found.until, prices.region)
    return cold


def _priced(prices: Prices, storage_class: str, a_month: ReadVolume) -> ClassReads:
    return ClassReads(a_month, cost_of(prices, storage_class, a_month))


def cost_of(prices: Prices, storage_class: str, volume: ReadVolume) -> Fraction | None:
    """Of so much in a month, in dollars; None where the price is not known."""
    found = retrieval(prices, storage_class)
    dearer = _kept_dear(prices) if storage_class == INTELLIGENT_TIERING else Fraction()
    if found is None or dearer is None:
        return None
    return (
        Fraction(found.a_thousand_reads) * volume.reads / 1_000
        + Fraction(found.a_gb) * volume.bytes / GB
        + Fraction(found.a_thousand_restores) * volume.restores / 1_000
        + Fraction(found.a_restored_gb) * volume.restored_bytes / GB
        + dearer * volume.kept / DAYS_OF_A_MONTH / GB
    )


def _kept_dear(prices: Prices) -> Fraction | None:
    """Of a GB for a month: what is read is kept in the dearest tier, or comes back to it, instead
    of the cheapest one that is not an archive.
    """
    try:
        (dear, *_), (cheap, *_) = (
            prices.storage(INTELLIGENT_TIERING, tier)
            for tier in (AccessTier.FREQUENT, AccessTier.ARCHIVE_INSTANT)
        )
    except NoPrice:
        return None
    return Fraction(dear.usd_per_gb_month) - Fraction(cheap.usd_per_gb_month)


class ReadBy(NamedTuple):
    surely: ReadVolume = ReadVolume()
    at_most: ReadVolume = ReadVolume()


def read_by(batch: Batch, cells: Iterable[ReadCell]) -> Mapping[By, ReadBy]:
    """Of the transitions that objects have behind them when they are read; those that had none, and
    what is deleted by then, are left out. So are objects that are in a class with a fee already:
    they pay it whether or not the transition goes on.
    """
    found: dict[By, ReadBy] = defaultdict(ReadBy)
    there = ReadThere(batch)
    for cell in cells:
        moved = {_moved_by(each) for each in there.all_of(cell)}
        for by in moved - {None}:
            assert by is not None
            surely, at_most = found[by]
            if len(moved) == 1:
                surely = surely.plus(cell.volume)
            found[by] = ReadBy(surely, at_most.plus(cell.volume))
    return found


def _moved_by(there: There | None) -> By | None:
    if there is None or (there.already and there.storage_class not in HOURS):
        return None
    return there.by


def reads_under(batch: Batch, found: BucketCells, prices: Prices) -> ReadsUnder:
    """In a month. What is deleted by then counts as not read."""
    volumes: dict[frozenset[str | None], ReadVolume] = defaultdict(ReadVolume)
    there = ReadThere(batch)
    for cell in found.cells:
        classes = frozenset(each and each.storage_class for each in there.all_of(cell))
        volumes[classes] = volumes[classes].plus(cell.volume)
    by_class: dict[str, ClassReads] = {}
    left_open = None
    for classes, volume in volumes.items():
        a_month = in_a_month(found, volume)
        if len(classes) > 1:
            more = OpenReads(a_month, _between(prices, classes, a_month))
            left_open = more if left_open is None else left_open.plus(more)
        elif name := next(iter(classes)):
            by_class[name] = _priced(prices, name, a_month)
    return ReadsUnder(by_class, left_open)


def _between(
    prices: Prices, classes: Iterable[str | None], a_month: ReadVolume
) -> Between[Fraction] | None:
    """None where a price is not known."""
    costs: list[Fraction] = []
    for name in classes:
        cost = Fraction() if name is None else cost_of(prices, name, a_month)
        if cost is None:
            return None
        costs.append(cost)
    return Between(min(costs), max(costs))


def in_a_month(found: BucketCells, volume: ReadVolume) -> ReadVolume:
    return ReadVolume(*map(found.a_month, volume))
