"""A bucket and the portions that it is cut into → of each what it is, costs, and comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce

from firnline.inventory.forecast.bounded import NO_DOLLARS, NO_VOLUME, BoundedVolume
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.monthly import averaged, of_a_month
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.forecast.volume import Volume, merged
from firnline.inventory.portions.dollars import Dollars, Unpriced
from firnline.inventory.portions.due import (
    Done,
    Due,
    Row,
    Side,
    StoredFate,
    decided,
    what_is_due,
)
from firnline.inventory.portions.newly import LOST, Newly
from firnline.inventory.portions.now import Now, now
from firnline.inventory.portions.paid import Paid, one_price, paid
from firnline.inventory.portions.split import Name, split
from firnline.inventory.prices.price_list import Prices

_EMPTY = Contents(())
_Due = Mapping[Row, BoundedVolume]


@dataclass(frozen=True, slots=True)
class Portion:
    """`usd_by_class` is what a month costs as it is, by storage class, with the parts of uploads;
    `due` is what the rules after the change do, `due_before` what those before it do, and `paid`
    what that costs and saves in all months, at one price for all bytes of a class.
    """

    now: Now
    usd_by_class: Mapping[str, Dollars]
    due: Mapping[Row, BoundedVolume]
    due_before: Mapping[Row, BoundedVolume]
    paid: Paid

    @property
    def usd_a_month(self) -> Dollars:
        """What has no bytes costs nothing where prices are known, and is not known elsewhere."""
        nothing = replace(self.paid.saved, amount=self.paid.saved.amount and NO_DOLLARS)
        return reduce(Dollars.plus, self.usd_by_class.values(), nothing)

    @property
    def events(self) -> Iterable[Due]:
        return [row for row in self.due if isinstance(row, Due)]

    def fate(self, fate: StoredFate) -> BoundedVolume:
        return self.due.get(fate, NO_VOLUME)

    def done(self, what: Iterable[Done], month: int | None) -> BoundedVolume:
        """None: in all months."""
        return _done(self.due, what, month)

    @property
    def newly_lost(self) -> BoundedVolume:
        """Before next month is over, which would stay under the rules before the change."""
        return self.due.get(Newly.LOST, NO_VOLUME)

    def done_before(self, what: Iterable[Done], month: int | None) -> BoundedVolume:
        """By the rules before the change."""
        return _done(self.due_before, what, month)

    def plus(self, other: Portion) -> Portion:
        return Portion(
            self.now.plus(other.now),
            _merged(self.usd_by_class, other.usd_by_class),
            _sums(self.due, other.due),
            _sums(self.due_before, other.due_before),
            self.paid.plus(other.paid),
        )


def average_prices(buckets: Iterable[Changed], prices: Prices) -> Prices:
    """Of buckets of one account and region, whose bytes share the price bands, as they are now."""
    whole: Mapping[StoredAs, Volume] = merged(now(each.stored).billed for each in buckets)
    return one_price(averaged(prices, whole))


def portions(
    bucket: Changed,
    name: Callable[[Stored], Name],
    starts: Sequence[datetime],
    prices: Prices | Unpriced,
) -> dict[Name, Portion]:
    """`prices` have one for all bytes of a class. Raises `NoPrice`."""
    stored, arriving = split(bucket.stored, name), split(bucket.arriving, name)
    return {
        each: _portion(
            bucket._replace(stored=stored.get(each, _EMPTY), arriving=arriving.get(each, _EMPTY)),
            starts,
            prices,
        )
        for each in dict.fromkeys((*stored, *arriving))
    }


def _portion(part: Changed, starts: Sequence[datetime], prices: Prices | Unpriced) -> Portion:
    there = now(part.stored)
    before, after = (Side(each, decided(each, part, starts)) for each in (part.before, part.after))
    has_rules = bool(part.before.rules.rules)
    due = _due(part, after, before if has_rules else None, starts)
    if not has_rules:
        due[Newly.LOST] = _done(due, LOST, 0)
    return Portion(
        there,
        _by_class(there, prices),
        due,
        _due(part, before, None, starts) if has_rules else {},
        Paid(*[prices.dollars] * 3)
        if isinstance(prices, Unpriced)
        else paid(part, (before.known, after.known), starts, prices),
    )


def _due(
    part: Changed, side: Side, before: Side | None, starts: Sequence[datetime]
) -> dict[Row, BoundedVolume]:
    found = what_is_due(part, side, before, starts)
    return {row: found.volume(row) for row in found.rows}


def _sums(one: _Due, other: _Due) -> _Due:
    return {
        row: one.get(row, NO_VOLUME).plus(other.get(row, NO_VOLUME))
        for row in dict.fromkeys((*one, *other))
    }


def _done(due: _Due, what: Iterable[Done], month: int | None) -> BoundedVolume:
    found = (due.get(Due(done, month), NO_VOLUME) for done in what)
    return reduce(BoundedVolume.plus, found, NO_VOLUME)


def _by_class(there: Now, prices: Prices | Unpriced) -> dict[str, Dollars]:
    billed: dict[str, dict[StoredAs, Volume]] = {}
    for kind, volume in there.billed.items():
        billed.setdefault(kind.storage_class, {})[kind] = volume
    if isinstance(prices, Unpriced):
        return dict.fromkeys(billed, prices.dollars)
    return {name: Dollars.exactly(of_a_month(each, prices)) for name, each in billed.items()}


def _merged(ours: Mapping[str, Dollars], others: Mapping[str, Dollars]) -> dict[str, Dollars]:
    return {
        name: reduce(Dollars.plus, [each[name] for each in (ours, others) if name in each])
        for name in dict.fromkeys((*ours, *others))
    }
