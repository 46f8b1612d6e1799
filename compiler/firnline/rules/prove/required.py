"""What does a program require of each cell, and which unit decides?

Never computed from rules. The narrowest filter owns: of all units that match an object and set a
clock, the one within all the others decides alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from firnline.language.model import TierTransition, Timeline
from firnline.rules.program import Owned, Program
from firnline.s3.compare.atoms import Atom, sum_of
from firnline.s3.compare.cells import Cell, cells, in_filter, regions, with_bytes
from firnline.s3.compare.effect import Effect
from firnline.s3.scope import Tags
from firnline.s3.terms import Clock, Days, StorageClass

BY_PREFIX = (Clock.DELETE_MARKERS, Clock.MULTIPART_UPLOADS)
_MOVES = (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)


class Claim(NamedTuple):
    """The units that set a clock of a cell: all, and those that contain no other of them."""

    cell: Cell
    clock: Clock
    matching: tuple[Owned, ...]
    narrowest: tuple[Owned, ...]

    @property
    def owner(self) -> Owned | None:
        """The one that decides; the last, where several require the same or no order exists.

        A unit under a hold gives way to one that required the same: the cell itself is not under
        the hold, or both would be. The part of a suspended clock that continues in a unit gives way
        to any unit that crosses it: that one is narrower than the whole clock, which it is a part
        of.
        """
        if len(self.narrowest) == 1:
            return self.narrowest[0]
        free = [each for each in self.narrowest if each.before_hold is None]
        not_parts = [each for each in free if each.unit.serves is None]
        return next(reversed(not_parts or free or self.narrowest), None)

    @property
    def others(self) -> tuple[Owned, ...]:
        return tuple(each for each in self.matching if each not in self.narrowest)


def atoms_of(owned: Owned, clock: Clock) -> list[Atom]:
    """What one unit requires on its clock, as single actions."""
    line = owned.timeline
    where = owned.scope.filter
    tags, at_least, at_most = where

    def moving(target: StorageClass) -> tuple[Tags, int, int]:
        return tags, max(at_least, owned.unit.moves_from_into(target)), at_most

    if clock is Clock.NONCURRENT_VERSIONS:
        ends = list(_old_ends(line))
    else:
        ends = [] if line.ends is None else [(0, line.ends)]
    return [
        *(
            Atom.transition(clock, move.after, move.storage_class, moving(move.storage_class))
            for move in line.moves
        ),
        *(Atom.end(clock, day, where, newest) for newest, day in ends),
    ]


@lru_cache(maxsize=256)  # checks need it in two turns, and the proof once more at the end
def requirements(program: Program) -> Requirements:
    return Requirements(program)


class Requirements:
    """What a program requires, region by region."""

    def __init__(self, program: Program) -> None:
        self._owned: dict[Clock, dict[str, list[Owned]]] = {}
        self._atoms: dict[Owned, list[Atom]] = {}
        self._owners: dict[tuple[Clock, ...], dict[tuple[Owned | None, ...], bool]] = {}
        for clock in Clock:
            by_prefix: dict[str, list[Owned]] = {}
            for each in program.owned(clock):
                by_prefix.setdefault(each.prefix, []).append(each)
                self._atoms[each] = atoms_of(each, clock)
            self._owned[clock] = by_prefix

    @property
    def prefixes(self) -> set[str]:
        return {prefix for by_prefix in self._owned.values() for prefix in by_prefix}

    @cached_property
    def _regions(self) -> tuple[tuple[str, ...], ...]:
        return tuple(regions(self.prefixes))

    def on_clock(self, region: Iterable[str], clock: Clock) -> list[Owned]:
        """All units whose prefix begins the region's, wider ones first."""
        by_prefix = self._owned[clock]
        return [each for prefix in region for each in by_prefix.get(prefix, ())]

    def atoms(self, owned: Owned) -> list[Atom]:
        return self._atoms[owned]

    def effect_of(self, owned: Iterable[Owned], cell: Cell) -> Effect:
        """What units require of the cell together."""
        return sum_of(
            atom for each in owned for atom in self._atoms[each] if in_filter(cell, atom.filter)
        )

    def required(self, claims: Iterable[Claim], cell: Cell) -> Effect:
        """What the owners of clocks of the cell require of it together.

        Objects under a hold follow the transitions of all other units as well: S3 cannot separate
        them from objects that are not under the hold.
        """
        atoms: list[Atom] = []
        for each in claims:
            owner = each.owner
            if owner is None:
                continue
            atoms += self._atoms[owner]
            if owner.before_hold is not None:
                others = (atom for other in each.matching for atom in self._atoms[other])
                atoms += (atom for atom in others if atom.clock in _MOVES)
        return sum_of(atom for atom in atoms if in_filter(cell, atom.filter))

    def effect_with(self, owner: Owned, other: Owned, move: TierTransition, cell: Cell) -> Effect:
        """What one unit requires of the cell, and in addition a single transition of another
        one.
        """
        both = [*self._atoms[owner], *(a for a in self._atoms[other] if _is_of(a, move))]
        return sum_of(atom for atom in both if in_filter(cell, atom.filter))

    def effect_without(self, owner: Owned, move: TierTransition, cell: Cell) -> Effect:
        """What one unit requires of the cell, except a transition."""
        left = [atom for atom in self._atoms[owner] if not _is_of(atom, move)]
        return sum_of(atom for atom in left if in_filter(cell, atom.filter))

    def owners(self, *clocks: Clock, of_bytes: bool = False) -> Iterator[tuple[Owned | None, ...]]:
        """The owners of the clocks, cell by cell; each combination once. `of_bytes`: without those
        that own empty objects alone.
        """
        if clocks not in self._owners:
            self._owners[clocks] = self._owners_of(clocks)
        for owners, own_bytes in self._owners[clocks].items():
            if own_bytes or not of_bytes:
                yield owners

    def _owners_of(self, clocks: tuple[Clock, ...]) -> dict[tuple[Owned | None, ...], bool]:
        """With whether they own objects of at least one byte."""
        found: dict[tuple[Owned | None, ...], bool] = {}
        for region in self._regions:
            units = [self.on_clock(region, clock) for clock in clocks]
            filters = [each.scope.filter for group in units for each in group]
            there = list(cells(region[-1], filters))
            of_bytes = set(with_bytes(there))
            for cell in there:
                pairs = zip(clocks, units, strict=True)
                owners = tuple(claim(cell, *pair).owner for pair in pairs)
                found[owners] = found.get(owners, False) or cell in of_bytes
        return found

    def analyse(self) -> None:
        """Raises `NotAnalysed` where a region has too many cells."""
        both = (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)
        for region in self._regions:
            units = [each for clock in both for each in self.on_clock(region, clock)]
            filters = [each.scope.filter for each in units]
            filters += [atom.filter for each in units for atom in self._atoms[each]]
            next(cells(region[-1], filters))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every clock of every cell that a policy sets. Raises `NotAnalysed`."""
        return tuple(self._all_claims())

    def _all_claims(self) -> Iterator[Claim]:
        for region in self._regions:
            for clock in Clock:
                units = self.on_clock(region, clock)
                if units:
                    yield from self._claims(region[-1], clock, units)

    def _claims(self, prefix: str, clock: Clock, units: list[Owned]) -> Iterator[Claim]:
        if clock in BY_PREFIX:
            yield claim(Cell(prefix, (), 0), clock, units)
            return
        filters = [each.scope.filter for each in units]
        filters += [atom.filter for each in units for atom in self._atoms[each]]
        for cell in cells(prefix, filters):
            yield claim(cell, clock, units)


def claim(cell: Cell, clock: Clock, units: list[Owned]) -> Claim:
    """Of the units whose prefix matches, those that cover the cell and those that decide."""
    if not units:
        return Claim(cell, clock, (), ())
    matching = tuple([each for each in units if in_filter(cell, each.scope.filter)])
    return Claim(cell, clock, matching, _narrowest(matching))


def _old_ends(line: Timeline) -> Iterator[tuple[int, Days]]:
    if line.ends is None:
        return
    newest = line.keep_newest
    yield newest.count if newest else 0, line.ends
    if newest and isinstance(newest.delete_after, Days):
        yield 0, newest.delete_after


def _narrowest(matching: tuple[Owned, ...]) -> tuple[Owned, ...]:
    if len(matching) < 2:
        return matching
    if not any(each.scope.is_filtered for each in matching):
        longest = matching[-1].prefix  # wider ones come first
        return tuple(each for each in matching if each.prefix == longest)
    return tuple(
        each
        for each in matching
        if not any(
            each.scope != other.scope and each.scope.holds(other.scope) for other in matching
        )
    )


def _is_of(atom: Atom, move: TierTransition) -> bool:
    return atom.clock in _MOVES and (atom.day, atom.target) == (move.after, move.storage_class)
