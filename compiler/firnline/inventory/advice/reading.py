"""What do reads below a prefix cost under some moves, if they go on as logs tell them?"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import chain
from typing import Final, NamedTuple

from firnline.inventory.advice.below import Node, longest
from firnline.inventory.advice.choices import ARCHIVES
from firnline.inventory.advice.timeline import Timeline
from firnline.inventory.forecast.reads import BucketCells, ReadVolume
from firnline.inventory.payback.reading import cost_of, in_a_month
from firnline.inventory.prices.price_list import NoPrice, Prices
from firnline.s3.law.classes import reachable

_MARGIN: Final = 2
"""So many times as old as anything that was read is what is archived."""


class _Kind(NamedTuple):
    """The age, the size from which on objects move, and the class in which they are."""

    age: int
    size: int
    storage_class: str


class Reading:
    """Of one bucket, over so many months."""

    def __init__(
        self,
        found: BucketCells,
        prices: Prices,
        months: int,
        prefixes: Collection[str],
        sizes: Sequence[int],
    ) -> None:
        self._found, self._prices, self._months = found, prices, months
        self._began: dict[str, datetime] = {}
        self._cells: dict[str, dict[_Kind, ReadVolume]] = {}
        for cell in found.cells:
            cells = self._cells.setdefault(longest(cell.example.key, prefixes), {})
            place = bisect_right(sizes, cell.example.size)
            key = _Kind(cell.age, sizes[place - 1] if place else 0, cell.example.storage_class)
            cells[key] = cells.get(key, ReadVolume()).plus(cell.volume)

    def more(self, nodes: Iterable[Node], timeline: Timeline) -> Fraction:
        """Dollars, beside what they cost without moves. Raises `NoPrice`."""
        cells = list(self._below(nodes))
        then = self._by_class(cells, timeline)
        stays = self._by_class(cells, Timeline(ends=timeline.ends))
        return (self._usd(then) - self._usd(stays)) * self._months

    def forbids(self, nodes: Iterable[Node], timeline: Timeline) -> bool:
        """Whether something is read that would have to be restored first, or soon would: a log
        tells of some months only. Or nothing was so old in all of the logs as what moves: then
        nobody knows whether what is read will still be read by then.
        """
        nodes = list(nodes)
        ages = [kind.age for kind, _ in self._below(nodes)]
        if not ages or not timeline.moves:
            return False
        archived = [move.after for move in timeline.moves if move.into in ARCHIVES]
        if archived and _MARGIN * max(ages) >= archived[0]:
            return True
        oldest = min(map(self._oldest, nodes))
        return oldest + timedelta(days=timeline.moves[-1].after) > self._found.since

    def _oldest(self, node: Node) -> datetime:
        """When the oldest object of it was written that is there still."""
        if node.prefix not in self._began:
            items = (each.example for each in chain.from_iterable(node.stored))
            self._began[node.prefix] = min(
                (item.created for item in items if item.current), default=self._found.until
            )
        return self._began[node.prefix]

    def _below(self, nodes: Iterable[Node]) -> Iterator[tuple[_Kind, ReadVolume]]:
        for node in nodes:
            yield from self._cells.get(node.prefix, {}).items()

    def _by_class(
        self, cells: Iterable[tuple[_Kind, ReadVolume]], timeline: Timeline
    ) -> Mapping[str, ReadVolume]:
        found: dict[str, ReadVolume] = defaultdict(ReadVolume)
        for (age, size, into), volume in cells:
            if timeline.ends is not None and age >= timeline.ends:
                continue
            for move in timeline.moves if size >= timeline.at_least else ():
                if move.after <= age and reachable(into, move.into):
                    into = move.into
            found[into] = found[into].plus(volume)
        return found

    def _usd(self, by_class: Mapping[str, ReadVolume]) -> Fraction:
        """A month. Raises `NoPrice`."""
        usd = Fraction()
        for name, volume in by_class.items():
            cost = cost_of(self._prices, name, in_a_month(self._found, volume))
            if cost is None:
                region = self._prices.region
                raise NoPrice(f"no price of reads from {name} in {region} is known", region)
            usd += cost
        return usd
