"""Undecided keys and rates → the least and the most of each number that they can add."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from operator import add

from firnline.inventory.forecast.alternatives import Alternatives, Courses
from firnline.inventory.forecast.amounts import Amounts, BothRates, Row, amounts
from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.volume import Volume

NOTHING = Fraction()


@dataclass(frozen=True, slots=True)
class Bounds:
    """A row that is not there is of zeros. Dollars are in so many `parts`."""

    parts: int = 1
    least: Amounts = field(default_factory=dict)
    most: Amounts = field(default_factory=dict)

    @property
    def are_exact(self) -> bool:
        return self.least == self.most

    def number(self, row: Row, place: int, known: int = 0) -> Between[int]:
        """Together with what is known."""
        return Between(
            known + self._at(self.least, row, place), known + self._at(self.most, row, place)
        )

    def dollars(self, row: Row, place: int, known: Fraction = NOTHING) -> Between[Fraction]:
        found = self.number(row, place)
        return Between(
            known + Fraction(found.at_least, self.parts),
            known + Fraction(found.at_most, self.parts),
        )

    def include(self, least: Amounts, most: Amounts) -> None:
        _include(self.least, least)
        _include(self.most, most)

    @staticmethod
    def _at(amounts: Amounts, row: Row, place: int) -> int:
        return amounts[row][place] if row in amounts else 0


def bounds(found: Iterable[Alternatives], low: BothRates, high: BothRates) -> Bounds:
    """Of all together: each key may take any of its courses, whatever the others do."""
    total = Bounds(low.before.parts)
    for each in found:
        for part in each.parts():
            least = most = _possible(each, part, low, high)
            if low is not high:
                most = _possible(each, part, high, low)
            total.include(by_row(min, least), by_row(max, most))
    return total


def _possible(
    found: Alternatives, volumes: Sequence[Volume], low: BothRates, high: BothRates
) -> list[Amounts]:
    """Of each of the courses, of all versions of a key, at the rates `low`."""
    known: dict[tuple[int, int], Amounts] = {}

    def of(place: int, courses: Courses) -> Amounts:
        """Versions of a key have few courses, and many combinations of them."""
        if (place, id(courses)) not in known:
            known[place, id(courses)] = amounts(*courses, volumes[place], low, high)
        return known[place, id(courses)]

    places = [place for place, volume in enumerate(volumes) if volume != Volume()]
    possible: list[Amounts] = []
    for versions in found.courses:
        sums: Amounts = {}
        for place in places:
            _include(sums, of(place, versions[place]))
        possible.append(sums)
    return possible


def _include(sums: Amounts, added: Amounts) -> None:
    for row, values in added.items():
        sums[row] = list(map(add, sums[row], values)) if row in sums else values


def by_row(choose: Callable[[tuple[int, ...]], int], possible: Sequence[Amounts]) -> Amounts:
    """Number by number, the least or the most."""
    found: Amounts = {}
    for row in dict.fromkeys(row for each in possible for row in each):
        rows = [each.get(row) for each in possible]
        (length,) = {len(values) for values in rows if values is not None}
        nothing = [0] * length
        columns = zip(*(values or nothing for values in rows), strict=True)
        found[row] = list(map(choose, columns))
    return found
