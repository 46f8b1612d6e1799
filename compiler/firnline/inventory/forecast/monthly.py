"""What does a month of what is stored cost, part by part, so that the parts sum up to the whole?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from firnline.inventory.forecast.cost import Usd, banded, cost
from firnline.inventory.forecast.stays import INTELLIGENT_TIERING, StoredAs
from firnline.inventory.forecast.usage import MonthUsage
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.price_list import Band, Prices, StoragePrice
from firnline.s3.terms import AccessTier

_GB = 2**30


def of_a_month(stored: Mapping[str, Volume], prices: Prices) -> Usd:
    """Of what is stored, by class, and stays for a month. Objects in INTELLIGENT_TIERING count as
    read in this month. Raises `NoPrice`.
    """
    there = {_stored_as(name): volume for name, volume in stored.items()}
    return cost(MonthUsage(1, there, there, {}, {}), prices).total


def averaged(prices: Prices, whole: Mapping[str, Volume]) -> Prices:
    """With one price for all bytes of a class, which they have on average as parts of `whole`."""
    sizes = {_stored_as(name)[:2]: volume.bytes for name, volume in whole.items()}

    def average(price: StoragePrice) -> StoragePrice:
        size = Fraction(sizes.get((price.storage_class, price.tier), 0), _GB)
        if not size or len(price.bands) == 1:
            return price
        usd = banded(size, price.bands) / size
        return price._replace(bands=(Band(None, Decimal(usd.numerator) / usd.denominator),))

    return replace(prices, storage_prices=tuple(map(average, prices.storage_prices)))


def _stored_as(storage_class: str) -> StoredAs:
    if storage_class == INTELLIGENT_TIERING:
        return StoredAs(storage_class, AccessTier.FREQUENT, monitored=True)
    return StoredAs(storage_class)
