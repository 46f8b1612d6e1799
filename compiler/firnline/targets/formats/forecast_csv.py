"""A forecast for a spreadsheet: a row for each number of each month."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import fields
from fractions import Fraction
from io import StringIO

from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import BoundedCost, BoundedOutlook
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.forecast.reads import ReadCosts

COLUMNS = ("month", "from", "side", "measure", "of", "at_least", "at_most")
_DIGITS = 6
_OPEN = "unknown tags"

_Measured = tuple[str, str, str, str]
"""The measure, what it is of, and both bounds of the number."""


def to_csv(forecast: Forecast) -> str:
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    change = forecast.change
    for place, start in enumerate(forecast.starts[:-1]):
        month = (place + 1, f"{start:%Y-%m-%d}")
        for side, outlook in (("before", change.before), ("after", change.after)):
            rows.writerows([*month, side, *each] for each in _month(outlook, place))
        rows.writerow([*month, "saved", *_usd("total", change.saved[place])])
        if forecast.reads is not None:
            rows.writerows([*month, *each] for each in _reads(forecast.reads))
    return text.getvalue()


def _reads(found: ReadCosts) -> Iterator[tuple[str, ...]]:
    """By class; in each month the same. No cost where the price is not known."""
    for side, under in (("before", found.before), ("after", found.after)):
        for name, each in under.by_class.items():
            reads = str(each.volume.reads)
            yield side, "reads", name, reads, reads
            usd = "" if each.usd is None else _rounded(each.usd)
            yield side, "usd of reads", name, usd, usd
        if under.open is not None:
            reads = str(under.open.volume.reads)
            yield side, "reads", _OPEN, reads, reads
            bounds = under.open.usd
            costs = map(_rounded, (bounds.at_least, bounds.at_most)) if bounds else ("", "")
            yield (side, "usd of reads", _OPEN, *costs)


def _month(outlook: BoundedOutlook, place: int) -> Iterator[_Measured]:
    stored = outlook.by_class[place]
    for name, volume in stored.items():
        yield _count("objects", name, volume.objects)
    for name, volume in stored.items():
        yield _count("bytes", name, volume.bytes)
    for each in fields(BoundedCost):
        yield _usd(each.name, getattr(outlook.costs[place], each.name))


def _count(measure: str, of: str, number: Between[int]) -> _Measured:
    return measure, of, str(number.at_least), str(number.at_most)


def _usd(of: str, amount: Between[Fraction]) -> _Measured:
    return "usd", of, _rounded(amount.at_least), _rounded(amount.at_most)


def _rounded(amount: Fraction) -> str:
    return f"{float(amount):.{_DIGITS}f}"
