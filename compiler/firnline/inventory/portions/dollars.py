"""Dollars of several buckets, of some of which it may not be known what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from firnline.inventory.forecast.between import Between
from firnline.inventory.prices.price_list import NoPrice


@dataclass(frozen=True, slots=True)
class Dollars:
    """`amount` is of the buckets whose cost is known, None where it is of none. `without` are the
    other ones, which it leaves out.
    """

    amount: Between[Fraction] | None
    without: frozenset[str] = frozenset()

    @classmethod
    def exactly(cls, amount: Fraction) -> Dollars:
        return cls(Between.exactly(amount))

    def plus(self, other: Dollars) -> Dollars:
        return Dollars(_sum(self.amount, other.amount), self.without | other.without)


class Unpriced(NamedTuple):
    """A bucket of which it is not known what it costs."""

    bucket: str
    why: NoPrice

    @property
    def dollars(self) -> Dollars:
        return Dollars(None, frozenset([self.bucket]))


def _sum(
    one: Between[Fraction] | None, other: Between[Fraction] | None
) -> Between[Fraction] | None:
    if one is None or other is None:
        return other if one is None else one
    return one.plus(other)
