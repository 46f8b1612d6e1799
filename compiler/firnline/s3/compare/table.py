"""Which of a region's actions or settings match a cell? A few operations on bits for each cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from firnline.s3.compare.atoms import Atom, sum_of
from firnline.s3.compare.cells import Cell
from firnline.s3.compare.effect import Effect
from firnline.s3.scope import Tags


class Filtered(Protocol):
    @property
    def filter(self) -> tuple[Tags, int, int]: ...


T = TypeVar("T", bound=Filtered)


class Table(Generic[T]):
    """Rows that have a filter, all of one region; a set of rows is an int with a bit for each."""

    def __init__(self, rows: Sequence[T]) -> None:
        self.rows = rows
        self.filters = frozenset(row.filter for row in rows)
        self._by_tags: dict[Tags, int] = {}
        self._by_size: dict[tuple[int, int], int] = {}
        for place, row in enumerate(rows):
            tags, at_least, at_most = row.filter
            bit = 1 << place
            self._by_tags[tags] = self._by_tags.get(tags, 0) | bit
            bounds = at_least, at_most
            self._by_size[bounds] = self._by_size.get(bounds, 0) | bit
        self._of_tags: dict[Tags, int] = {}
        self._of_size: dict[int, int] = {}

    def matching(self, cell: Cell) -> int:
        """The rows that match the objects of a cell."""
        _, tags, size = cell
        by_tags = self._of_tags.get(tags)
        if by_tags is None:
            by_tags = self._of_tags[tags] = self._with_tags(tags)
        by_size = self._of_size.get(size)
        if by_size is None:
            by_size = self._of_size[size] = self._of_a_size(size)
        return by_tags & by_size

    def _with_tags(self, tags: Tags) -> int:
        carried, found = set(tags), 0
        for said, bits in self._by_tags.items():
            if carried.issuperset(said):
                found |= bits
        return found

    def _of_a_size(self, size: int) -> int:
        found = 0
        for (at_least, at_most), bits in self._by_size.items():
            if at_least <= size <= at_most:
                found |= bits
        return found

    def those(self, bits: int) -> Iterator[T]:
        while bits:
            lowest = bits & -bits
            yield self.rows[lowest.bit_length() - 1]
            bits ^= lowest


class Atoms(Table[Atom]):
    """Actions in their order: of those of one group the earliest has the lowest bit."""

    def __init__(self, atoms: Iterable[Atom]) -> None:
        super().__init__(sorted(set(atoms), key=lambda atom: atom.order))
        groups: dict[object, int] = {}
        for place, atom in enumerate(self.rows):
            group = atom.group
            groups[group] = groups.get(group, 0) | 1 << place
        self._groups = tuple(groups.values())
        self._effects: dict[int, Effect] = {}

    def first(self, matching: int) -> int:
        """Those of a set that no other one of the set makes idle."""
        found = 0
        for group in self._groups:
            bits = matching & group
            found |= bits & -bits
        return found

    def effect(self, first: int) -> Effect:
        known = self._effects.get(first)
        if known is None:
            known = self._effects[first] = sum_of(self.those(first))
        return known


@lru_cache(maxsize=64)  # most prefixes of a fleet have the same few sets of actions
def table_of(atoms: frozenset[Atom]) -> Atoms:
    return Atoms(atoms)
