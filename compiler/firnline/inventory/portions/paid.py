"""What does a portion cost in all months, before a change and after it, and what does that save?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import lcm
from typing import NamedTuple, TypeVar

from firnline.inventory.forecast.change import Changed, change
from firnline.inventory.forecast.cost import cost
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.usage import MonthUsage, usage
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.portions.dollars import Dollars
from firnline.inventory.portions.due import Decided
from firnline.inventory.prices.price_list import Prices

Name = TypeVar("Name")


class Paid(NamedTuple):
    """`saved` is negative where it costs more after the change."""

    before: Dollars
    after: Dollars
    saved: Dollars

    def plus(self, other: Paid) -> Paid:
        return Paid(*(ours.plus(theirs) for ours, theirs in zip(self, other, strict=True)))


def one_price(prices: Prices) -> Prices:
    """With the first price alone of each that has bands: so costs are linear in what is billed."""
    return replace(
        prices,
        storage_prices=tuple(
            each._replace(bands=(each.bands[0]._replace(up_to_gb=None),))
            for each in prices.storage_prices
        ),
    )


def paid(
    part: Changed, sides: tuple[Decided, Decided], starts: Sequence[datetime], prices: Prices
) -> Paid:
    """`sides`: what the rules before and after the change do to what is decided. `prices` have one
    for all bytes of a class. Raises `NoPrice`.
    """
    before, after_usd = (cost(_in_all(usage(*side, starts)), prices).total for side in sides)
    known = Paid(*map(Dollars.exactly, (before, after_usd, before - after_usd)))
    stored, arriving = (each._replace(decided=()) for each in (part.stored, part.arriving))
    if stored.is_decided and arriving.is_decided:
        return known
    found = change([part._replace(stored=stored, arriving=arriving)], starts, prices)
    more = found.before.in_all.total, found.after.in_all.total, found.saved_so_far[-1]
    return known.plus(Paid(*map(Dollars, more)))


def _in_all(months: Sequence[MonthUsage]) -> MonthUsage:
    """One month that costs as much as all of them, at one price for all bytes of a class."""
    days = lcm(*(month.days for month in months))
    stored: dict[StoredAs, Volume] = {}
    transitions: dict[str, Volume] = {}
    early: dict[str, Volume] = {}
    for month in months:
        _add(stored, month.stored, days // month.days)
        _add(transitions, month.transitions)
        _add(early, month.early)
    return MonthUsage(days, stored, months[-1].at_end, transitions, early)


def _add(sums: dict[Name, Volume], more: Mapping[Name, Volume], times: int = 1) -> None:
    for name, volume in more.items():
        sums[name] = sums.get(name, Volume()).plus(volume, times)
