"""The courses of an item before a change and after it, and a volume → each number of a forecast.

The numbers are rows by month. All are linear in the volume, so that sums of items are sums of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum
from itertools import accumulate
from operator import add, sub
from typing import NamedTuple

from firnline.inventory.forecast.cost import STANDARD, is_archived, price_of
from firnline.inventory.forecast.course import Course
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.rates import Rates
from firnline.inventory.forecast.volume import Volume
from firnline.s3.billing import OVERHEAD, OVERHEAD_IN_STANDARD, WITH_MINIMUM_SIZE


class When(StrEnum):
    """Under which of the two sets of rules, or the difference."""

    BEFORE = "before"
    AFTER = "after"
    SAVED = "saved"


class What(StrEnum):
    """What a row is of. `OBJECTS` and `BYTES` are stored at a month's end, by class. Of the
    first run a row has one number. Charges are by the names of `Cost`'s fields, and `TOTAL`; behind
    the months they have the sum of all.
    """

    OBJECTS = "objects"
    BYTES = "bytes"
    HAPPENS_OBJECTS = "happens, objects"
    HAPPENS_BYTES = "happens, bytes"
    MOVED_OBJECTS = "moved, objects"
    MOVED_BYTES = "moved, bytes"
    MOVED_USD = "moved, dollars"
    CHARGE = "charge"
    SO_FAR = "so far"


class Row(NamedTuple):
    when: When
    what: What
    name: str = ""


Amounts = dict[Row, list[int]]
TOTAL = "total"
ALL_CLASSES = ""


class BothRates(NamedTuple):
    before: Rates
    after: Rates


def amounts(
    before: Course, after: Course, volume: Volume, low: BothRates, high: BothRates
) -> Amounts:
    """At the rates `low`. What is saved is before at those, and after at the rates `high`."""
    found: Amounts = {}
    months = len(low.before.monitoring)
    for when, course, rates in (
        (When.BEFORE, before, low.before),
        (When.AFTER, after, low.after),
    ):
        _add_usage(found, when, course, volume, months)
        if isinstance(course.first, str):
            paid = rates.transition[course.first] * volume.objects
            found[Row(when, What.MOVED_USD, course.first)] = [paid]
        charges = charges_of(course, volume, rates)
        for name, row in charges.items():
            found[Row(when, What.CHARGE, name)] = [*row, sum(row)]
    old = found[Row(When.BEFORE, What.CHARGE, TOTAL)][:-1]
    new = (
        found[Row(When.AFTER, What.CHARGE, TOTAL)][:-1]
        if low.after is high.after
        else charges_of(after, volume, high.after)[TOTAL]
    )
    saved = list(map(sub, old, new))
    found[Row(When.SAVED, What.CHARGE, TOTAL)] = saved
    found[Row(When.SAVED, What.SO_FAR)] = list(accumulate(saved))
    return found


def _add_usage(found: Amounts, when: When, course: Course, volume: Volume, months: int) -> None:
    def add_at(row: Row, place: int, amount: int, length: int) -> None:
        if amount:
            found.setdefault(row, [0] * length)[place] += amount

    for month, stored_as, _, at_end in course.stored:
        if at_end:
            for name in (stored_as.storage_class, ALL_CLASSES):
                add_at(Row(when, What.OBJECTS, name), month, volume.objects, months)
                add_at(Row(when, What.BYTES, name), month, volume.bytes, months)
    match course.first:
        case None:
            return
        case Happens() as happens:
            rows, name = (What.HAPPENS_OBJECTS, What.HAPPENS_BYTES), happens.value
        case into:
            rows, name = (What.MOVED_OBJECTS, What.MOVED_BYTES), into
    add_at(Row(when, rows[0], name), 0, volume.objects, 1)
    add_at(Row(when, rows[1], name), 0, volume.bytes, 1)


def charges_of(course: Course, volume: Volume, rates: Rates) -> Mapping[str, list[int]]:
    """By month. Each with `TOTAL`."""
    months = len(rates.monitoring)
    found: dict[str, list[int]] = defaultdict(lambda: [0] * months)
    padding = volume.padded - volume.bytes
    for month, stored_as, days, _ in course.stored:
        price = price_of(stored_as)
        rate = rates.storage[price][month] * days
        found["storage"][month] += rate * volume.bytes
        if price.storage_class in WITH_MINIMUM_SIZE:
            found["small_objects"][month] += rate * padding
        if is_archived(price):
            standard = rates.storage[STANDARD][month] * days
            each = rate * OVERHEAD.value + standard * OVERHEAD_IN_STANDARD.value
            found["overhead"][month] += each * volume.objects
        if stored_as.monitored:
            found["monitoring"][month] += rates.monitoring[month] * days * volume.objects
    for month, into in course.moved:
        found["transitions"][month] += rates.transition[into] * volume.objects
    for month, storage_class, missing in course.early:
        size = volume.padded if storage_class in WITH_MINIMUM_SIZE else volume.bytes
        found["early_deletion"][month] += rates.early[storage_class] * missing * size
    total = [0] * months
    for row in found.values():
        total = list(map(add, total, row))
    return {**found, TOTAL: total}
