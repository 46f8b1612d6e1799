"""From what was stored in a month, and what happened in it, to dollars. Exact: nothing is rounded.

`US_EAST_1` has the prices of AWS's price lists of September 2026: per GB of 2^30 bytes and month,
per 1,000 transitions, and per 1,000 objects monitored for a month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from tests.inventory.forecast.ledger import law
from tests.inventory.forecast.ledger.law import Day

Prices = Mapping[str, Decimal]

US_EAST_1: Prices = {
    "STANDARD": Decimal("0.023"),
    "STANDARD above 50 TB": Decimal("0.022"),
    "STANDARD above 500 TB": Decimal("0.021"),
    "INTELLIGENT_TIERING": Decimal("0.023"),
    "INTELLIGENT_TIERING above 50 TB": Decimal("0.022"),
    "INTELLIGENT_TIERING above 500 TB": Decimal("0.021"),
    "INTELLIGENT_TIERING infrequent": Decimal("0.0125"),
    "INTELLIGENT_TIERING archive instant": Decimal("0.004"),
    "STANDARD_IA": Decimal("0.0125"),
    "ONEZONE_IA": Decimal("0.01"),
    "GLACIER_IR": Decimal("0.004"),
    "GLACIER": Decimal("0.0036"),
    "DEEP_ARCHIVE": Decimal("0.00099"),
    "REDUCED_REDUNDANCY": Decimal("0.024"),
    "transition to INTELLIGENT_TIERING": Decimal("0.01"),
    "transition to STANDARD_IA": Decimal("0.01"),
    "transition to ONEZONE_IA": Decimal("0.01"),
    "transition to GLACIER_IR": Decimal("0.02"),
    "transition to GLACIER": Decimal("0.03"),
    "transition to DEEP_ARCHIVE": Decimal("0.05"),
    "monitoring": Decimal("0.0025"),
}

GB = 1 << 30
TB = 1 << 40
MINIMUM_DAYS = {
    "STANDARD_IA": 30,
    "ONEZONE_IA": 30,
    "GLACIER_IR": 90,
    "GLACIER": 90,
    "DEEP_ARCHIVE": 180,
}
MINIMUM_BYTES = {"STANDARD_IA": 131_072, "ONEZONE_IA": 131_072, "GLACIER_IR": 131_072}
OVERHEAD = {"GLACIER": 32_768, "DEEP_ARCHIVE": 32_768}
"""Bytes for each object, billed in its class."""
BANDED = ("STANDARD", "INTELLIGENT_TIERING")
OVERHEAD_IN_STANDARD = {"GLACIER": 8_192, "DEEP_ARCHIVE": 8_192}


def storage(stored: Iterable[tuple[int, Day]], days: int, prices: Prices) -> dict[str, Fraction]:
    """What a month of so many days costs: of each version the days, and how many are like it."""
    volume: Counter[str] = Counter()  # in byte-days, by the name of its price
    padding: Counter[str] = Counter()
    overhead: Counter[str] = Counter()
    overhead_in_standard = monitored = 0
    for times, day in stored:
        price = day.storage_class
        if day.storage_class == "INTELLIGENT_TIERING" and day.bytes >= law.TIERED_SMALL:
            monitored += times
            price = _tier(day.stayed)
        volume[price] += times * day.bytes
        padding[price] += times * max(0, MINIMUM_BYTES.get(price, 0) - day.bytes)
        overhead[price] += times * OVERHEAD.get(price, 0)
        overhead_in_standard += times * OVERHEAD_IN_STANDARD.get(price, 0)
    standard = volume["STANDARD"]
    for_archives = _usd("STANDARD", standard + overhead_in_standard, days, prices)
    for_archives -= _usd("STANDARD", standard, days, prices)
    return {
        "storage": _sum(volume, days, prices),
        "small_objects": _sum(padding, days, prices),
        "overhead": _sum(overhead, days, prices) + for_archives,
        "monitoring": monitored * Fraction(prices["monitoring"]) / 1000 / days,
    }


def transition(into: str, times: int, prices: Prices) -> Fraction:
    return times * Fraction(prices[f"transition to {into}"]) / 1000


def early_deletion(left: str, size: int, stayed: int, times: int, prices: Prices) -> Fraction:
    missing = max(0, MINIMUM_DAYS.get(left, 0) - stayed)
    if not missing:
        return Fraction(0)
    billed = max(size, MINIMUM_BYTES.get(left, 0))
    return times * Fraction(missing, 30) * Fraction(billed, GB) * Fraction(prices[left])


def _tier(stayed: int) -> str:
    if stayed < law.INFREQUENT_AFTER:
        return "INTELLIGENT_TIERING"
    if stayed < law.ARCHIVE_INSTANT_AFTER:
        return "INTELLIGENT_TIERING infrequent"
    return "INTELLIGENT_TIERING archive instant"


def _sum(volumes: Mapping[str, int], days: int, prices: Prices) -> Fraction:
    usd = (_usd(name, volume, days, prices) for name, volume in volumes.items() if volume)
    return sum(usd, Fraction(0))


def _usd(price: str, byte_days: int, days: int, prices: Prices) -> Fraction:
    """STANDARD and the Frequent tier have bands: a price for what of the average lies in each."""
    volume = Fraction(byte_days, days * GB)
    if price not in BANDED:
        return volume * Fraction(prices[price])
    first = min(volume, Fraction(50 * TB, GB))
    second = min(volume, Fraction(500 * TB, GB)) - first
    third = volume - first - second
    return (
        first * Fraction(prices[price])
        + second * Fraction(prices[f"{price} above 50 TB"])
        + third * Fraction(prices[f"{price} above 500 TB"])
    )
