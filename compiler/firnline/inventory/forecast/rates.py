"""What does one more byte, object or request cost in each month, beside what is decided?

Where a price has bands, that depends on how much is stored: the least and the most of the bands
that may be reached. Rates are whole numbers of small parts of a dollar: sums of many are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from firnline.inventory.forecast.cost import DAYS_OF_EARLY, Usd
from firnline.inventory.forecast.course import Course
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.prices.price_list import Band, Prices
from firnline.s3.billing import GB


@dataclass(frozen=True, slots=True)
class Rates:
    """Of a byte for a day, by month, and of one that is missing of a minimum duration; of a
    request; of an object that is monitored for a day, by month. All in parts of a dollar.
    """

    parts: int
    storage: Mapping[StoredAs, tuple[int, ...]]
    early: Mapping[str, int]
    transition: Mapping[str, int]
    monitoring: tuple[int, ...]

    def usd(self, amount: int) -> Usd:
        return Usd(Fraction(amount, self.parts))


Reached = Mapping[StoredAs, Sequence[tuple[Fraction, Fraction]]]
"""What may be billed at a price: by month the least and the most GB, on average."""


def rates(
    prices: Prices, courses: Iterable[Course], lengths: Sequence[int], reached: Reached
) -> tuple[Rates, Rates]:
    """The lowest and the highest, of all that the courses need; the same one where of each price
    only one band is reached. `lengths` are the days of each month. Raises `NoPrice`.
    """
    courses = set(courses)
    bands = {each: prices.storage(each.storage_class, each.tier) for each in reached}
    left = {part.storage_class for course in courses for part in course.early}
    early = {name: Fraction(prices.storage(name)[0].usd_per_gb_month) for name in left}
    moved = {part.into for course in courses for part in course.moved}
    requests = {name: Fraction(prices.transition_into(name)) for name in moved}
    monitored = any(part.stored_as.monitored for course in courses for part in course.stored)
    monitoring = Fraction(prices.monitoring()) if monitored else Fraction()
    figures = [*early.values(), *requests.values(), monitoring]
    figures += [Fraction(band.usd_per_gb_month) for each in bands.values() for band in each]
    parts = lcm(*(each.denominator for each in figures)) * GB * lcm(*lengths, DAYS_OF_EARLY)

    marginal = {each: [_marginal(bands[each], *span) for span in reached[each]] for each in reached}
    low, high = (
        Rates(
            parts,
            {
                each: tuple(
                    int(choose(found) * parts / (GB * days))
                    for found, days in zip(months, lengths, strict=True)
                )
                for each, months in marginal.items()
            },
            {name: int(usd * parts / (GB * DAYS_OF_EARLY)) for name, usd in early.items()},
            {name: int(usd * parts) for name, usd in requests.items()},
            tuple(int(monitoring * parts / days) for days in lengths),
        )
        for choose in (min, max)
    )
    return (low, low) if low == high else (low, high)


def _marginal(bands: Sequence[Band], least: Fraction, most: Fraction) -> list[Fraction]:
    """The prices of all bands between two volumes."""
    found, begin = [], Fraction()
    for band in bands:
        end = None if band.up_to_gb is None else Fraction(band.up_to_gb)
        if (end is None or least < end) and (begin < most or begin <= least):
            found.append(Fraction(band.usd_per_gb_month))
        begin = end or begin
    return found
