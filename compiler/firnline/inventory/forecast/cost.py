"""What does a month cost? Usage × prices, exact: nothing is rounded here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import NewType

from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.usage import MonthUsage
from firnline.inventory.forecast.volume import Volume, merged
from firnline.inventory.prices.price_list import Band, Prices
from firnline.s3.billing import (
    ARCHIVED,
    ARCHIVED_TIERS,
    GB,
    OVERHEAD,
    OVERHEAD_IN_STANDARD,
    WITH_MINIMUM_SIZE,
)

Usd = NewType("Usd", Fraction)

DAYS_OF_EARLY = 30  # a month, where days that are missing are charged (S3 pricing)
STANDARD = StoredAs("STANDARD")


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars. `small_objects` is what objects are billed beyond their size, up to the minimum
    of their class; `overhead` what archived objects are billed beside it; `storage` is the rest.
    """

    storage: Usd
    transitions: Usd
    early_deletion: Usd
    small_objects: Usd
    overhead: Usd
    monitoring: Usd

    @property
    def total(self) -> Usd:
        return Usd(sum((getattr(self, each.name) for each in fields(self)), Fraction()))

    def plus(self, other: Cost) -> Cost:
        return Cost(
            *(getattr(self, each.name) + getattr(other, each.name) for each in fields(self))
        )


def cost(month: MonthUsage, prices: Prices) -> Cost:
    """Of all that one account stores in one region in a month. Raises `NoPrice`."""
    rates = _Rates(prices, month)
    # The bands of a price hold for all that has it, monitored or not.
    stored = merged({price_of(each): volume} for each, volume in month.stored.items()).items()
    return Cost(
        storage=_sum(rates.stored(each, volume.bytes) for each, volume in stored),
        transitions=_sum(
            requests(into, volume, prices) for into, volume in month.transitions.items()
        ),
        early_deletion=_sum(rates.early(*each) for each in month.early.items()),
        small_objects=_sum(rates.padding(*each) for each in stored),
        overhead=rates.overhead(),
        monitoring=_sum(
            Fraction(volume.objects, month.days) * Fraction(prices.monitoring())
            for each, volume in month.stored.items()
            if each.monitored
        ),
    )


def requests(into: str, volume: Volume, prices: Prices) -> Usd:
    """Of transitions: one for each object."""
    return Usd(volume.objects * Fraction(prices.transition_into(into)))


def price_of(stored_as: StoredAs) -> StoredAs:
    """What is the same for all that has one price."""
    return stored_as._replace(monitored=False) if stored_as.monitored else stored_as


class _Rates:
    """What bytes and days of a month cost."""

    def __init__(self, prices: Prices, month: MonthUsage) -> None:
        self._prices, self._month = prices, month

    def stored(self, stored_as: StoredAs, byte_days: int) -> Fraction:
        bands = self._prices.storage(stored_as.storage_class, stored_as.tier)
        return banded(Fraction(byte_days, GB * self._month.days), bands)

    def early(self, storage_class: str, missing: Volume) -> Fraction:
        """Byte-days that are missing; the size is the one that is billed."""
        size = missing.padded if storage_class in WITH_MINIMUM_SIZE else missing.bytes
        rate = self._prices.storage(storage_class, None)[0].usd_per_gb_month
        return Fraction(size, GB * DAYS_OF_EARLY) * Fraction(rate)

    def padding(self, stored_as: StoredAs, volume: Volume) -> Fraction:
        if stored_as.storage_class not in WITH_MINIMUM_SIZE:
            return Fraction()
        return self.stored(stored_as, volume.padded) - self.stored(stored_as, volume.bytes)

    def overhead(self) -> Usd:
        """At the rate of each archive class, and at STANDARD's on top of what is stored there."""
        archived = [each for each in self._month.stored.items() if is_archived(each[0])]
        objects = sum(volume.objects for _, volume in archived)
        there = self._month.stored.get(STANDARD, Volume()).bytes
        more = there + objects * OVERHEAD_IN_STANDARD.value
        return Usd(
            _sum(
                self.stored(each, volume.bytes + volume.objects * OVERHEAD.value)
                - self.stored(each, volume.bytes)
                for each, volume in archived
            )
            + (self.stored(STANDARD, more) - self.stored(STANDARD, there) if objects else 0)
        )


def is_archived(stored_as: StoredAs) -> bool:
    """Whether each object has an overhead."""
    return stored_as.storage_class in ARCHIVED or stored_as.tier in ARCHIVED_TIERS


def _sum(parts: Iterable[Fraction]) -> Usd:
    return Usd(sum(parts, Fraction()))


def banded(gigabytes: Fraction, bands: tuple[Band, ...]) -> Fraction:
    """So many GB for a month: each band has its price for what lies in it."""
    total, below = Fraction(), Fraction()
    for band in bands:
        upper = gigabytes if band.up_to_gb is None else min(gigabytes, Fraction(band.up_to_gb))
        total += max(upper - below, Fraction()) * Fraction(band.usd_per_gb_month)
        below = upper
    return total
