"""What does a rule of thumb promise, that knows no ages, beside what is forecast?

How-tos estimate what tiering saves so: of all that is stored a part stays hot, other parts are warm
and cold, and one is deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import reduce
from typing import Final

from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import BoundedCost
from firnline.inventory.forecast.change import Change
from firnline.inventory.prices.price_list import Prices

SHARES: Final = {
    "STANDARD": Fraction(20, 100),
    "STANDARD_IA": Fraction(30, 100),
    "GLACIER_IR": Fraction(40, 100),
}
DELETED: Final = Fraction(10, 100)
CLAIMED: Final = (Fraction(60, 100), Fraction(70, 100))
"""Of the bill: "typically 60 to 70 %"."""
_WITHOUT: Final = ("storage", "total")


@dataclass(frozen=True, slots=True)
class RuleOfThumb:
    """`saves` is the part of the bill that its shares save at the prices of the forecast, from the
    first month on, and `saved` what that comes to by month. `shares` and `deleted` are what the
    forecast says instead: parts of the bytes that would be stored without the change when the last
    month is over. `left_out` are kinds of cost, in all months after the change.
    """

    saves: Between[Fraction]
    saved: tuple[Between[Fraction], ...]
    shares: Mapping[str, Between[Fraction]]
    deleted: Between[Fraction]
    left_out: Mapping[str, Between[Fraction]]

    @property
    def saved_in_all(self) -> Between[Fraction]:
        return reduce(Between.plus, self.saved)


def rule_of_thumb(places: Iterable[tuple[Change, Prices]], whole: Change) -> RuleOfThumb:
    """Of accounts and regions, and of all `together`. Raises `NoPrice`."""
    saved: list[tuple[Between[Fraction], ...]] = []
    parts = []
    for change, prices in places:
        part = _saves(prices)
        parts.append(part)
        saved.append(tuple(_times(cost.total, part) for cost in change.before.costs))
    stored = whole.before.stored[-1].bytes
    return RuleOfThumb(
        Between(min(parts), max(parts)),
        tuple(reduce(Between.plus, month) for month in zip(*saved, strict=True)),
        {
            name: _share(volume.bytes, stored)
            for name, volume in whole.after.by_class[-1].items()
            if volume.bytes.at_most
        },
        _deleted(whole.after.stored[-1].bytes, stored),
        {
            each.name: getattr(whole.after.in_all, each.name)
            for each in fields(BoundedCost)
            if each.name not in _WITHOUT
        },
    )


def _saves(prices: Prices) -> Fraction:
    """It counts with the price of each class for the first byte."""
    first = {name: Fraction(prices.storage(name)[0].usd_per_gb_month) for name in SHARES}
    paid = sum((share * first[name] for name, share in SHARES.items()), Fraction())
    return 1 - paid / first["STANDARD"]


def _times(amount: Between[Fraction], factor: Fraction) -> Between[Fraction]:
    return Between(amount.at_least * factor, amount.at_most * factor)


def _share(part: Between[int], whole: Between[int]) -> Between[Fraction]:
    """Nothing of nothing."""
    if not whole.at_least:
        return Between(Fraction(), Fraction(bool(part.at_most)))
    return Between(Fraction(part.at_least, whole.at_most), Fraction(part.at_most, whole.at_least))


def _deleted(left: Between[int], whole: Between[int]) -> Between[Fraction]:
    if not whole.at_most:
        return Between.exactly(Fraction())
    share = _share(left, whole)
    return Between(1 - share.at_most, 1 - share.at_least)
