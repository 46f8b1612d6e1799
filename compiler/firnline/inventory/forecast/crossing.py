"""What may decided bytes that S3 bills beside objects cost, where the objects' price has bands?

They are billed on top of what is stored, so what is undecided may push them into another band.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from firnline.inventory.forecast.amounts import Amounts, Row, What, When
from firnline.inventory.forecast.cost import banded
from firnline.inventory.forecast.rates import Rates
from firnline.inventory.forecast.reached import billed
from firnline.inventory.forecast.usage import MonthUsage
from firnline.inventory.prices.price_list import Prices
from firnline.s3.billing import GB, WITH_MINIMUM_SIZE


def crossing(when: When, decided: Sequence[MonthUsage], prices: Prices, rates: Rates) -> Amounts:
    """By how much that is more at these rates than without what is undecided. The total does not
    change: what is beside is then dearer, and what is stored cheaper.
    """
    found: dict[str, list[int]] = defaultdict(lambda: [0] * len(decided))
    for number, month in enumerate(decided):
        for price, (stored, beside) in billed(month).items():
            if not beside or price not in rates.storage:
                continue
            bands = prices.storage(price.storage_class, price.tier)
            with_it, without = (
                banded(Fraction(size, GB * month.days), bands) for size in (stored + beside, stored)
            )
            name = "small_objects" if price.storage_class in WITH_MINIMUM_SIZE else "overhead"
            alone = (with_it - without) * rates.parts
            found[name][number] += rates.storage[price][number] * beside - int(alone)
    return {Row(when, What.CHARGE, name): [*row, sum(row)] for name, row in found.items()}
