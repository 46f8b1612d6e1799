"""What is decided, and bounds of what is not → each number of a forecast, or two bounds of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import reduce
from typing import NamedTuple, TypeVar

from firnline.inventory.forecast.amounts import ALL_CLASSES, Row, What, When
from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounds import Bounds
from firnline.inventory.forecast.cost import Cost
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.outlook import Outlook
from firnline.inventory.forecast.stays import by_class
from firnline.inventory.forecast.volume import Volume

Name = TypeVar("Name")


class BoundedVolume(NamedTuple):
    objects: Between[int]
    bytes: Between[int]

    def plus(self, other: BoundedVolume) -> BoundedVolume:
        return BoundedVolume(self.objects.plus(other.objects), self.bytes.plus(other.bytes))


Added = TypeVar("Added", BoundedVolume, Between[Fraction])
NO_VOLUME = BoundedVolume(Between(0, 0), Between(0, 0))
NO_DOLLARS = Between(Fraction(), Fraction())


@dataclass(frozen=True, slots=True)
class BoundedCost:
    """US dollars, as `Cost`. The bounds of the total are no sums: what costs more in one way may
    cost less in another.
    """

    storage: Between[Fraction]
    transitions: Between[Fraction]
    early_deletion: Between[Fraction]
    small_objects: Between[Fraction]
    overhead: Between[Fraction]
    monitoring: Between[Fraction]
    total: Between[Fraction]

    def plus(self, other: BoundedCost) -> BoundedCost:
        return BoundedCost(
            *(getattr(self, each.name).plus(getattr(other, each.name)) for each in fields(self))
        )


class BoundedRun(NamedTuple):
    """What the first run does. `paid` are the requests of its transitions."""

    happens: Mapping[Happens, BoundedVolume]
    transitions: Mapping[str, BoundedVolume]
    paid: Mapping[str, Between[Fraction]]

    def plus(self, other: BoundedRun) -> BoundedRun:
        return BoundedRun(
            _merged(self.happens, other.happens, NO_VOLUME),
            _merged(self.transitions, other.transitions, NO_VOLUME),
            _merged(self.paid, other.paid, NO_DOLLARS),
        )


@dataclass(frozen=True, slots=True)
class BoundedOutlook:
    """What is to come under one set of rules. `by_class` is what is stored at the end of each
    month, and `stored` the same of all classes; `in_all` is the cost of all months.
    """

    first_run: BoundedRun
    by_class: tuple[Mapping[str, BoundedVolume], ...]
    stored: tuple[BoundedVolume, ...]
    costs: tuple[BoundedCost, ...]
    in_all: BoundedCost

    def plus(self, other: BoundedOutlook) -> BoundedOutlook:
        return BoundedOutlook(
            self.first_run.plus(other.first_run),
            tuple(
                _merged(ours, theirs, NO_VOLUME)
                for ours, theirs in zip(self.by_class, other.by_class, strict=True)
            ),
            tuple(ours.plus(one) for ours, one in zip(self.stored, other.stored, strict=True)),
            tuple(ours.plus(one) for ours, one in zip(self.costs, other.costs, strict=True)),
            self.in_all.plus(other.in_all),
        )


def bounded(decided: Outlook, when: When, bounds: Bounds) -> BoundedOutlook:
    """`bounds` are of what comes on top of it."""
    return _Outlook(decided, when, bounds).told()


class _Outlook:
    def __init__(self, decided: Outlook, when: When, bounds: Bounds) -> None:
        self._decided, self._when, self._bounds = decided, when, bounds

    def told(self) -> BoundedOutlook:
        months = self._decided.months
        in_all = reduce(Cost.plus, self._decided.costs)
        costs = [*self._decided.costs, in_all]
        *by_month, of_all = (self._cost(place, cost) for place, cost in enumerate(costs))
        ends = [by_class(month.at_end) for month in months]
        return BoundedOutlook(
            first_run=self._first_run(),
            by_class=tuple(
                {
                    name: self._volume(_STORED, name, place, end.get(name, Volume()))
                    for name in self._names(_STORED, end, place)
                }
                for place, end in enumerate(ends)
            ),
            stored=tuple(
                self._volume(
                    _STORED, ALL_CLASSES, place, reduce(Volume.plus, end.values(), Volume())
                )
                for place, end in enumerate(ends)
            ),
            costs=tuple(by_month),
            in_all=of_all,
        )

    def _first_run(self) -> BoundedRun:
        run = self._decided.first_run
        moved = {
            name: self._volume(_MOVED, name, 0, run.transitions.get(name, Volume()))
            for name in self._names(_MOVED, run.transitions, 0)
        }
        return BoundedRun(
            happens={
                each: self._volume(_HAPPENS, each.value, 0, run.happens.get(each, Volume()))
                for each in Happens
            },
            transitions=moved,
            paid={name: self._paid(name) for name in moved},
        )

    def _paid(self, into: str) -> Between[Fraction]:
        known = self._decided.paid_on_first_run.get(into, Fraction())
        return self._bounds.dollars(Row(self._when, What.MOVED_USD, into), 0, known)

    def _names(self, what: tuple[What, What], known: Iterable[str], place: int) -> Iterable[str]:
        """Of what is known, and of what may be besides."""
        more = (
            row.name
            for row, values in self._bounds.most.items()
            if row[:2] == (self._when, what[0]) and row.name != ALL_CLASSES and values[place]
        )
        return dict.fromkeys((*known, *more))

    def _volume(
        self, what: tuple[What, What], name: str, place: int, known: Volume
    ) -> BoundedVolume:
        objects, sizes = (Row(self._when, each, name) for each in what)
        return BoundedVolume(
            self._bounds.number(objects, place, known.objects),
            self._bounds.number(sizes, place, known.bytes),
        )

    def _cost(self, place: int, known: Cost) -> BoundedCost:
        return BoundedCost(
            *(
                self._bounds.dollars(
                    Row(self._when, What.CHARGE, each.name), place, getattr(known, each.name)
                )
                for each in fields(BoundedCost)
            )
        )


_STORED = What.OBJECTS, What.BYTES
_HAPPENS = What.HAPPENS_OBJECTS, What.HAPPENS_BYTES
_MOVED = What.MOVED_OBJECTS, What.MOVED_BYTES


def _merged(
    one: Mapping[Name, Added], other: Mapping[Name, Added], nothing: Added
) -> dict[Name, Added]:
    return {name: one.get(name, nothing).plus(other.get(name, nothing)) for name in (*one, *other)}
