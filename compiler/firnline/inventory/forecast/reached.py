"""How much may be billed at each price in a month, of what is decided and what is not?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from firnline.inventory.forecast.cost import STANDARD, is_archived, price_of
from firnline.inventory.forecast.course import Course
from firnline.inventory.forecast.rates import Reached
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.usage import MonthUsage
from firnline.inventory.forecast.volume import Volume
from firnline.s3.billing import GB, OVERHEAD, OVERHEAD_IN_STANDARD, WITH_MINIMUM_SIZE


class Billed(NamedTuple):
    """Byte-days at one price: of what is stored, and of what is billed beside it."""

    stored: int = 0
    beside: int = 0


def billed(month: MonthUsage) -> Mapping[StoredAs, Billed]:
    """Of what is decided."""
    stored: Counter[StoredAs] = Counter()
    beside: Counter[StoredAs] = Counter()
    for each, volume in month.stored.items():
        price = price_of(each)
        stored[price] += volume.bytes
        if price.storage_class in WITH_MINIMUM_SIZE:
            beside[price] += volume.padded - volume.bytes
        if is_archived(price):
            beside[price] += volume.objects * OVERHEAD.value
            beside[STANDARD] += volume.objects * OVERHEAD_IN_STANDARD.value
    return {each: Billed(stored[each], beside[each]) for each in {*stored, *beside}}


def reached(
    decided: Sequence[MonthUsage],
    undecided: Iterable[Sequence[tuple[Course, int]]],
    courses: Iterable[Course],
) -> Reached:
    """At the prices that `courses` need. `undecided` has the courses that a version may take, each
    with the bytes that it is billed for at most.
    """
    most: dict[StoredAs, Counter[int]] = defaultdict(Counter)
    for options in undecided:
        for price, months in _most(options).items():
            most[price].update(months)
    known = [billed(month) for month in decided]

    def span(price: StoredAs, month: int) -> tuple[Fraction, Fraction]:
        least = known[month].get(price, Billed())
        whole = GB * decided[month].days
        return Fraction(least.stored, whole), Fraction(sum(least) + most[price][month], whole)

    return {
        price: [span(price, month) for month in range(len(decided))] for price in _prices(courses)
    }


def most_billed(volume: Volume) -> int:
    return volume.padded + volume.objects * OVERHEAD.value


def _prices(courses: Iterable[Course]) -> set[StoredAs]:
    """With that of STANDARD, where archived objects have an overhead."""
    found = {price_of(part.stored_as) for course in courses for part in course.stored}
    return found | {STANDARD} if any(map(is_archived, found)) else found


def _most(options: Sequence[tuple[Course, int]]) -> Mapping[StoredAs, Counter[int]]:
    """Byte-days by month, for each price those of the course with the most."""
    found: dict[StoredAs, Counter[int]] = defaultdict(Counter)
    for course, size in options:
        own: dict[StoredAs, Counter[int]] = defaultdict(Counter)
        for month, stored_as, days, _ in course.stored:
            price = price_of(stored_as)
            own[price][month] += days * size
            if is_archived(price):
                own[STANDARD][month] += days * size
        for price, months in own.items():
            found[price] |= months
    return found
