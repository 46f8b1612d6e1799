"""Volumes by day."""

from __future__ import annotations

from itertools import accumulate
from operator import add

from firnline.inventory.forecast.volume import Volume


class Series:
    """A volume for each of so many days."""

    def __init__(self, days: int) -> None:
        self._values = [[0] * days for _ in Volume()]

    def add(self, day: int, volume: Volume, times: int = 1) -> None:
        """After the last day nothing counts."""
        if day < len(self._values[0]):
            for values, amount in zip(self._values, volume, strict=True):
                values[day] += times * amount

    def include(self, other: Series) -> None:
        """The values of another one for as many days."""
        pairs = zip(self._values, other._values, strict=True)
        self._values = [list(map(add, mine, theirs)) for mine, theirs in pairs]

    def so_far(self) -> Series:
        """On each day the sum of all until then: what is there, of what is added and removed."""
        found = Series(0)
        found._values = [list(accumulate(values)) for values in self._values]
        return found

    def sum(self, first: int, end: int) -> Volume:
        """Over the days from one to another, which does not count."""
        return Volume(*(sum(values[first:end]) for values in self._values))
