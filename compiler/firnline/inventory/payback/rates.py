"""What do storage, transitions and early deletion cost, in whole numbers?

All prices of a region are multiples of one small unit, and so is what they come to on some days of
a month: sums of whole numbers are exact, and a hundred times faster than those of fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import lcm
from typing import NamedTuple

from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.payback.amount import NOTHING, Amount
from firnline.inventory.prices.price_list import Band, Prices, StoragePrice
from firnline.s3.billing import (
    ARCHIVED,
    ARCHIVED_TIERS,
    GB,
    OVERHEAD,
    OVERHEAD_IN_STANDARD,
    WITH_MINIMUM_SIZE,
)
from firnline.s3.law.classes import minimum_stay
from firnline.s3.terms import AccessTier

MONTH = lcm(28, 29, 30, 31)
"""Into so many parts months are divided, so that each day of each is a whole number of them."""


class Rates:
    """At one price for all bytes of a class; `unit` is what an amount of 1 is, in dollars."""

    def __init__(self, prices: Prices, whole: int) -> None:
        """`whole` is a number by which every price is a whole number."""
        self._prices, self._whole = prices, whole
        self.unit = Fraction(1, whole * MONTH * GB)
        self.request = cache(self._request)
        self.stored = cache(self._stored)
        self.early = cache(self._early)

    def _request(self, into: str) -> Amount:
        """Of one transition. Raises `NoPrice`."""
        usd = Fraction(self._prices.transition_into(into))
        return Amount(an_object=self._times(usd) * MONTH * GB)

    def _stored(self, stored_as: StoredAs) -> Amount:
        """Of a part of a month. Raises `NoPrice`."""
        storage_class, tier, monitored = stored_as
        byte = self._a_byte(storage_class, tier)
        if storage_class in WITH_MINIMUM_SIZE:
            return Amount(a_padded_byte=byte)
        fixed = 0
        if monitored:
            fixed += self._times(Fraction(self._prices.monitoring())) * GB
        if storage_class in ARCHIVED or tier in ARCHIVED_TIERS:
            fixed += OVERHEAD.value * byte + OVERHEAD_IN_STANDARD.value * self._a_byte("STANDARD")
        return Amount(fixed, byte)

    def _early(self, storage_class: str, stayed: int) -> Amount:
        """Of leaving after so many days, before the minimum duration. Raises `NoPrice`."""
        shortest = minimum_stay(storage_class)
        if shortest is None or stayed >= shortest.value:
            return NOTHING
        # A month of 30 days, where days that are missing are charged (S3 pricing).
        byte = self._a_byte(storage_class) * (MONTH // 30) * (shortest.value - stayed)
        if storage_class in WITH_MINIMUM_SIZE:
            return Amount(a_padded_byte=byte)
        return Amount(a_byte=byte)

    def _a_byte(self, storage_class: str, tier: AccessTier | None = None) -> int:
        (band,) = self._prices.storage(storage_class, tier)
        return self._times(Fraction(band.usd_per_gb_month))

    def _times(self, price: Fraction) -> int:
        found = price * self._whole
        assert found.denominator == 1, price
        return int(found)


class Quotes(NamedTuple):
    """The same prices where a price has bands: as if all bytes had the highest of those that are
    reached, and the lowest.
    """

    high: Rates
    low: Rates


def quotes(prices: Prices, most_bytes: int) -> Quotes:
    """Of a region in which so many bytes are stored at most."""
    whole = lcm(*(each.denominator for each in _all(prices)))
    most = Fraction(most_bytes, GB)
    return Quotes(
        Rates(_flat(prices, lambda bands: max(_reached(bands, most), key=_usd)), whole),
        Rates(_flat(prices, lambda bands: min(_reached(bands, most), key=_usd)), whole),
    )


def _flat(prices: Prices, choose: Callable[[tuple[Band, ...]], Band]) -> Prices:
    def one(price: StoragePrice) -> StoragePrice:
        return price._replace(bands=(Band(None, choose(price.bands).usd_per_gb_month),))

    return replace(prices, storage_prices=tuple(map(one, prices.storage_prices)))


def _reached(bands: tuple[Band, ...], most: Fraction) -> list[Band]:
    found, begins = [], 0
    for band in bands:
        if begins and begins >= most:
            break
        found.append(band)
        begins = band.up_to_gb or 0
    return found


def _usd(band: Band) -> Fraction:
    return Fraction(band.usd_per_gb_month)


def _all(prices: Prices) -> Iterable[Fraction]:
    for stored in prices.storage_prices:
        yield from map(_usd, stored.bands)
    for moved in prices.transition_prices:
        yield Fraction(moved.usd_per_request)
    if prices.monitoring_price is not None:
        yield Fraction(prices.monitoring_price.usd_per_object_month)
