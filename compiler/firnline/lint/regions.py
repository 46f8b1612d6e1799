"""Into which groups do the rules of a configuration divide all objects, and what is done to each?

As in the proof: keys by prefix, then tags, then sizes. Objects of one group are those that the same
actions match; a set of actions is an int with a bit for each action of the region.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from firnline.lint.placed import AcceptedConfiguration, Action
from firnline.s3.compare.applied import UNTAGGED, sum_for_markers_and_uploads
from firnline.s3.compare.atoms import sum_of
from firnline.s3.compare.cells import Cell, NotAnalysed, cells, key_in, regions
from firnline.s3.compare.difference import (
    Difference,
    Facts,
    MarkersAndUploads,
    of_markers_and_uploads,
    of_objects,
)
from firnline.s3.compare.effect import Effect
from firnline.s3.compare.table import Table
from firnline.s3.terms import Clock


@dataclass(frozen=True, slots=True)
class Group:
    """Objects that the same actions match; `cell` is one of the cells they fill. `is_empty` where
    all of them have no bytes.
    """

    cell: Cell
    matching: int
    actions: tuple[Action, ...]
    is_empty: bool

    def ends(self, clock: Clock) -> tuple[Action, ...]:
        return tuple(each for each in self.actions if each.is_end(clock))


class Region:
    """The keys under one prefix and no longer one, with all the actions that match some of them.

    Raises `NotAnalysed`.
    """

    def __init__(self, prefix: str, actions: Sequence[Action]) -> None:
        self.prefix = prefix
        self._table = Table(actions)
        self._untagged = self._table.matching(UNTAGGED)
        self.groups = tuple(self._groups())
        self._effects: dict[int, Effect] = {}
        self._others: dict[int, MarkersAndUploads] = {}

    @property
    def actions(self) -> Sequence[Action]:
        return self._table.rows

    @property
    def of_markers(self) -> tuple[Action, ...]:
        """The actions that match a delete marker or an upload."""
        return tuple(self._table.those(self._untagged))

    def difference(self, one: int, other: int, facts: Facts) -> Difference | None:
        """Where two sets of its actions treat anything differently, from any start."""
        markers = self._markers_and_uploads(one), self._markers_and_uploads(other)
        found = next(of_markers_and_uploads(self.prefix, *markers, facts), None)
        for group in self.groups:
            if found is not None:
                break
            ours, theirs = one & group.matching, other & group.matching
            if ours != theirs:
                effects = self._effect(ours), self._effect(theirs)
                found = next(of_objects(group.cell, *effects, facts), None)
        return found

    def _effect(self, bits: int) -> Effect:
        known = self._effects.get(bits)
        if known is None:
            known = self._effects[bits] = sum_of(each.atom for each in self._table.those(bits))
        return known

    def _markers_and_uploads(self, bits: int) -> MarkersAndUploads:
        bits &= self._untagged
        known = self._others.get(bits)
        if known is None:
            atoms = (each.atom for each in self._table.those(bits))
            known = self._others[bits] = sum_for_markers_and_uploads(atoms)
        return known

    def _groups(self) -> Iterator[Group]:
        filters = [each.filter for each in self.actions]
        first_is_empty = any(least == 1 or most == 0 for _, least, most in filters)
        found: dict[int, Cell] = {}
        for cell in cells(self.prefix, filters):
            matching = self._table.matching(cell)
            known = found.get(matching)
            if known is None or known.size == 0 < cell.size:
                found[matching] = cell
        for matching, cell in found.items():
            actions = tuple(self._table.those(matching))
            yield Group(cell, matching, actions, first_is_empty and cell.size == 0)


def regions_of(configuration: AcceptedConfiguration) -> Iterator[Region | NotAnalysed]:
    """All regions; instead of one with too many cells, what says so."""
    by_prefix: dict[str, list[Action]] = {}
    for each in configuration.actions:
        by_prefix.setdefault(each.scope.prefix, []).append(each)
    for region in regions(by_prefix):
        try:
            yield Region(region[-1], [each for prefix in region for each in by_prefix[prefix]])
        except NotAnalysed as too_many:
            yield too_many


def example_of(cell: Cell, prefixes: Set[str]) -> str:
    """An object of a cell, in words; `prefixes` are those of all regions."""
    parts = [f"`{key_in(cell.prefix, prefixes)}`"]
    parts += [f"tagged {key}={value}" for key, value in cell.tags]
    if cell.size:
        parts.append(f"of {cell.size:,} bytes")
    return " ".join(parts)
