"""What do storage, transitions, monitoring and reads cost in one region, and who says so?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from firnline.s3.terms import AccessTier

INTELLIGENT_TIERING: Final = "INTELLIGENT_TIERING"


class NoPrice(Exception):
    """The text says which price is missing, and how to get it."""

    def __init__(self, missing: str, region: str) -> None:
        super().__init__(
            f"{missing}: run `firnline prices update --region {region}`, or state it in a price"
            " file that firnline.toml names"
        )
        self.region = region


class Source(NamedTuple):
    """`published` is the day on which the list appeared that has the figure. `item` is where in it
    the figure stands, such as a usage type.
    """

    name: str
    published: date
    item: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, f"of {self.published}", self.item)))


class Band(NamedTuple):
    """What of the month's average volume is above the band before and up to here; the last one has
    no end. 1 GB is 2^30 bytes (S3 pricing).
    """

    up_to_gb: int | None
    usd_per_gb_month: Decimal


class StoragePrice(NamedTuple):
    """Of a class; in INTELLIGENT_TIERING of one access tier."""

    storage_class: str
    tier: AccessTier | None
    bands: tuple[Band, ...]
    source: Source


class TransitionPrice(NamedTuple):
    """Of moving one object into the class."""

    storage_class: str
    usd_per_request: Decimal
    source: Source


class MonitoringPrice(NamedTuple):
    """Of an object in INTELLIGENT_TIERING that S3 monitors."""

    usd_per_object_month: Decimal
    source: Source


class ReadFigure(StrEnum):
    """What S3 bills for reading, as price files write it."""

    READS = "usd_per_1000_reads"
    GB = "usd_per_gb_read"
    RESTORES = "usd_per_1000_restores"
    RESTORED_GB = "usd_per_gb_restored"


class ReadPrice(NamedTuple):
    """Of reading from the class: of so much as the figure says. Restores are at standard speed."""

    storage_class: str
    figure: ReadFigure
    usd: Decimal
    source: Source


@dataclass(frozen=True, slots=True)
class Prices:
    """Of one region. `published` is the day of its price list; single figures may be of another
    one, as their sources say. The figures are already multiplied by `factor`, a discount.
    """

    region: str
    published: date
    storage_prices: tuple[StoragePrice, ...]
    transition_prices: tuple[TransitionPrice, ...]
    monitoring_price: MonitoringPrice | None = None
    factor: Decimal = Decimal(1)
    read_prices: tuple[ReadPrice, ...] = ()

    def __post_init__(self) -> None:
        for price in self.storage_prices:
            assert (price.tier is not None) == (price.storage_class == INTELLIGENT_TIERING), price
            assert are_ascending([band.up_to_gb for band in price.bands]), price

    def storage(self, storage_class: str, tier: AccessTier | None = None) -> tuple[Band, ...]:
        """The bands ascend. `tier` is needed in INTELLIGENT_TIERING, where each has its price.
        Raises `NoPrice`.
        """
        for price in self.storage_prices:
            if (price.storage_class, price.tier) == (storage_class, tier):
                return price.bands
        raise self._none(f"storage in {in_words(storage_class, tier)}")

    def transition_into(self, storage_class: str) -> Decimal:
        """USD for each object. Raises `NoPrice`."""
        for price in self.transition_prices:
            if price.storage_class == storage_class:
                return price.usd_per_request
        raise self._none(f"transitions into {storage_class}")

    def monitoring(self) -> Decimal:
        """USD for each object and month. Raises `NoPrice`."""
        if self.monitoring_price is None:
            raise self._none(f"monitoring in {INTELLIGENT_TIERING}")
        return self.monitoring_price.usd_per_object_month

    @property
    def sources(self) -> tuple[Source, ...]:
        """Each list once, without its items."""
        return tuple(dict.fromkeys(each._replace(item="") for each in self._sources()))

    @property
    def in_words(self) -> str:
        factor = "" if self.factor == 1 else f", times {self.factor}"
        return f"{self.region}: {', '.join(map(str, self.sources))}{factor}"

    def times(self, factor: Decimal) -> Prices:
        """With every figure multiplied."""
        monitoring = self.monitoring_price
        return replace(
            self,
            storage_prices=tuple(
                price._replace(
                    bands=tuple(Band(end, usd * factor) for end, usd in price.bands),
                )
                for price in self.storage_prices
            ),
            transition_prices=tuple(
                price._replace(usd_per_request=price.usd_per_request * factor)
                for price in self.transition_prices
            ),
            monitoring_price=monitoring
            and monitoring._replace(usd_per_object_month=monitoring.usd_per_object_month * factor),
            factor=self.factor * factor,
            read_prices=tuple(each._replace(usd=each.usd * factor) for each in self.read_prices),
        )

    def with_those_of(self, other: Prices) -> Prices:
        """The figures of `other` replace those of the same class and tier."""
        stored = {(price.storage_class, price.tier): price for price in self.storage_prices}
        stored |= {(price.storage_class, price.tier): price for price in other.storage_prices}
        moved = {price.storage_class: price for price in self.transition_prices}
        moved |= {price.storage_class: price for price in other.transition_prices}
        read = {(price.storage_class, price.figure): price for price in self.read_prices}
        read |= {(price.storage_class, price.figure): price for price in other.read_prices}
        return replace(
            self,
            storage_prices=tuple(stored.values()),
            transition_prices=tuple(moved.values()),
            monitoring_price=other.monitoring_price or self.monitoring_price,
            read_prices=tuple(read.values()),
        )

    def _sources(self) -> Iterator[Source]:
        for stored in self.storage_prices:
            yield stored.source
        for moved in self.transition_prices:
            yield moved.source
        if self.monitoring_price is not None:
            yield self.monitoring_price.source
        for read in self.read_prices:
            yield read.source

    def _none(self, what: str) -> NoPrice:
        return NoPrice(f"no price of {what} in {self.region} is known", self.region)


def are_ascending(ends: Sequence[int | None]) -> bool:
    """Of bands: each ends above the one before, and the last, and no other, has no end."""
    stated = [end for end in ends if end is not None]
    return [*stated, None] == list(ends) and all(
        one < other for one, other in pairwise([0, *stated])
    )


def in_words(storage_class: str, tier: AccessTier | None) -> str:
    return storage_class if tier is None else f"{storage_class} ({tier})"
