"""What does a month of what is stored cost, part by part, so that the parts sum up to the whole?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from firnline.inventory.forecast.cost import Usd, banded, cost
from firnline.inventory.forecast.stays import INTELLIGENT_TIERING, StoredAs
from firnline.inventory.forecast.usage import MonthUsage
from firnline.inventory.forecast.volume import Volume, merged
from firnline.inventory.prices.price_list import Band, Prices, StoragePrice
from firnline.s3.billing import GB, MONITORED_FROM
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import AccessTier


def of_a_month(stored: Mapping[StoredAs, Volume], prices: Prices) -> Usd:
    """Of what is stored, and stays for a month as it is. Raises `NoPrice`."""
    return cost(MonthUsage(1, stored, stored, {}, {}), prices).total


def as_it_is(item: StoredItem) -> StoredAs:
    """An object in INTELLIGENT_TIERING whose access tier is not known counts as just read."""
    if item.storage_class != INTELLIGENT_TIERING:
        return StoredAs(item.storage_class)
    monitored = item.size >= MONITORED_FROM.value
    return StoredAs(item.storage_class, item.tier or AccessTier.FREQUENT, monitored)


def as_read(stored_as: StoredAs) -> StoredAs:
    """Once it was read."""
    return stored_as if stored_as.tier is None else stored_as._replace(tier=AccessTier.FREQUENT)


def averaged(prices: Prices, whole: Mapping[StoredAs, Volume]) -> Prices:
    """With one price for all bytes of a class, which they have on average as parts of `whole`."""
    stored = merged({(each.storage_class, each.tier): volume} for each, volume in whole.items())

    def average(price: StoragePrice) -> StoragePrice:
        volume = stored.get((price.storage_class, price.tier), Volume())
        size = Fraction(volume.bytes, GB)
        if not size or len(price.bands) == 1:
            return price
        usd = banded(size, price.bands) / size
        return price._replace(bands=(Band(None, Decimal(usd.numerator) / usd.denominator),))

    return replace(prices, storage_prices=tuple(map(average, prices.storage_prices)))
