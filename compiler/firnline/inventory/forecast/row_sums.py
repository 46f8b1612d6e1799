"""Numbers of objects and bytes, added up row by row: the least and the most that they may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import BoundedVolume
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.volume import Volume

Of = TypeVar("Of", bound=Hashable)


class RowSums(Generic[Of]):
    def __init__(self) -> None:
        self._least: dict[Of, Volume] = defaultdict(Volume)
        self._most: dict[Of, Volume] = defaultdict(Volume)

    @property
    def rows(self) -> Iterable[Of]:
        """All in which there is something, or may be."""
        return self._most.keys()

    def include(self, other: RowSums[Of]) -> None:
        """With what was added up of something else."""
        for sums, more in ((self._least, other._least), (self._most, other._most)):
            for row, volume in more.items():
                sums[row] = sums[row].plus(volume)

    def add(self, rows: Mapping[Of, Volume]) -> None:
        for row, volume in rows.items():
            self._least[row] = self._least[row].plus(volume)
            self._most[row] = self._most[row].plus(volume)

    def add_one_of(self, possible: Sequence[Mapping[Of, Volume]]) -> None:
        """Of keys of which each may be like any of them, whatever the others are like."""
        if len(possible) == 1:
            self.add(possible[0])
            return
        nothing = Volume()
        for row in dict.fromkeys(row for rows in possible for row in rows):
            volumes = [rows.get(row, nothing) for rows in possible]
            parts = list(zip(*volumes, strict=True))
            self._least[row] = self._least[row].plus(Volume(*map(min, parts)))
            self._most[row] = self._most[row].plus(Volume(*map(max, parts)))

    def add_at_most(self, rows: Iterable[Of], volume: Volume) -> None:
        for row in rows:
            self._most[row] = self._most[row].plus(volume)

    def volume(self, row: Of) -> BoundedVolume:
        least, most = (sums.get(row, Volume()) for sums in (self._least, self._most))
        return BoundedVolume(Between(least.objects, most.objects), Between(least.bytes, most.bytes))


def is_uniform(stored: Stored) -> bool:
    """Whether all are of one size: else it is not known how many bytes go with how many of them."""
    volume = stored.volume
    return volume == Volume().plus(Volume.of(stored.example.size), volume.objects)


def together(rows: Sequence[Mapping[Of, Volume]]) -> dict[Of, Volume]:
    found: dict[Of, Volume] = {}
    for each in rows:
        for row, volume in each.items():
            found[row] = found.get(row, Volume()).plus(volume)
    return found
