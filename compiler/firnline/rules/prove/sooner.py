"""Would anything end sooner under other policies? Per clock, cell by cell.

Only what the policies say counts, not what rules would do: of all units that match an item and set
a clock, the narrowest decides, and of several such the one that ends first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import IntEnum
from math import inf
from typing import Final

from firnline.rules.program import Owned, Program, Unit, timeline_of
from firnline.rules.prove.required import BY_PREFIX, Requirements, claim
from firnline.s3.compare.cells import Cell, NotAnalysed, cells, regions
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock, Days

_BYTES = (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)
_MANY = 20
MOST_WORK: Final = 20_000
"""For one remedy among many, about 20 milliseconds: some 140 prefixes that all begin alike."""


class MayEnd(IntEnum):
    """What may end sooner nevertheless; each member allows what those before it do."""

    NOTHING = 0
    DELETED = 1
    """What is left of deleted objects: noncurrent versions, delete markers that nothing ends."""
    UNSAID = 2
    """Whatever no setting applies to."""


def ends_sooner(before: Program, after: Program, may_end: MayEnd = MayEnd.NOTHING) -> bool:
    """Whether some item would end sooner, or at all where it did not; also where there are too many
    cells to be certain. Holds are left out: they only suspend what the policies say.
    """
    changed = _changed(before.units, after.units)
    ours, theirs = (
        Requirements(replace(each, units=tuple(_near(each.units, changed))))
        for each in (before, after)
    )
    try:
        return any(
            _Region(region, ours, theirs, may_end).ends_sooner()
            for region in regions(ours.prefixes | theirs.prefixes)
            if not changed.isdisjoint(region)
        )
    except NotAnalysed:
        return True


def may_end_sooner(before: Program, after: Program, may_end: MayEnd = MayEnd.NOTHING) -> bool:
    """As `ends_sooner`, and also where that would take long."""
    return work(before, after) > MOST_WORK or ends_sooner(before, after, may_end)


def work(before: Program, after: Program) -> int:
    """How long `ends_sooner` takes, in no unit: each unit that may share an item with a changed one
    is compared below each other.
    """
    changed = _changed(before.units, after.units)
    return sum(1 for _ in _near(before.units, changed)) ** 2


class _Region:
    """The keys that begin with the last of these prefixes, and with no longer one."""

    def __init__(
        self, region: tuple[str, ...], ours: Requirements, theirs: Requirements, may_end: MayEnd
    ) -> None:
        self._prefix, self._may_end = region[-1], may_end
        self._ours, self._theirs = (
            {clock: needs.on_clock(region, clock) for clock in Clock} for needs in (ours, theirs)
        )

    def ends_sooner(self) -> bool:
        there = self._cells()
        deleted = [cell for cell in there if self._is_deleted(cell)]
        nothing = Cell(self._prefix, (), 0)
        return any(
            self._is_sooner(cell, clock, is_deleted=cell in deleted)
            for cell in there
            for clock in _BYTES
        ) or any(self._is_sooner(nothing, clock, is_deleted=bool(deleted)) for clock in BY_PREFIX)

    def _cells(self) -> list[Cell]:
        units = [
            each
            for by_clock in (self._ours, self._theirs)
            for clock in _BYTES
            for each in by_clock[clock]
        ]
        return list(cells(self._prefix, (each.scope.filter for each in units)))

    def _is_deleted(self, cell: Cell) -> bool:
        owners = claim(cell, Clock.OBJECTS, self._ours[Clock.OBJECTS]).narrowest
        return _soonest(owners, Clock.OBJECTS, 0) < inf

    def _is_sooner(self, cell: Cell, clock: Clock, *, is_deleted: bool) -> bool:
        ours = claim(cell, clock, self._ours[clock]).narrowest
        if not ours and self._may_get_an_end(clock, is_deleted=is_deleted):
            return False
        theirs = claim(cell, clock, self._theirs[clock]).narrowest
        lines = [owned.timeline for owned in (*ours, *theirs)]
        counts = {line.keep_newest.count for line in lines if line.keep_newest} | {0}
        return any(
            _soonest(theirs, clock, newer) < _soonest(ours, clock, newer) for newer in counts
        )

    def _may_get_an_end(self, clock: Clock, *, is_deleted: bool) -> bool:
        if self._may_end is MayEnd.DELETED:
            return is_deleted and clock in (Clock.NONCURRENT_VERSIONS, Clock.DELETE_MARKERS)
        return self._may_end is MayEnd.UNSAID


def _soonest(owners: Iterable[Owned], clock: Clock, newer: int) -> float:
    return min((_end(owned, clock, newer) for owned in owners), default=inf)


def _end(owned: Owned, clock: Clock, newer: int) -> float:
    end = owned.timeline.ends_of(newer)
    if clock is Clock.OBJECTS and owned.unit.waits_for_registries:
        age = owned.unit.unneeded_after  # `firnline gc` deletes
        end = Days(0) if age is None else age if isinstance(age, Days) else None
    return inf if end is None else end


def _changed(before: Iterable[Unit], after: Iterable[Unit]) -> set[str]:
    """The prefixes of the units that say something of an end which the others do not say."""
    ours, theirs = ({id(unit): unit for unit in units} for units in (before, after))
    gone = {_said(unit) for key, unit in ours.items() if key not in theirs}
    new = {_said(unit) for key, unit in theirs.items() if key not in ours}
    return {scope.prefix for scope, _ in gone ^ new}


def _said(unit: Unit) -> tuple[Scope, tuple[object, ...]]:
    lines = ((clock, timeline_of(unit, clock)) for clock in Clock)
    ends = (
        (clock, line.ends, line.keep_newest and (line.keep_newest.count, line.ends_of(0)))
        for clock, line in lines
        if line is not None and line.whole
    )
    return unit.scope, (unit.waits_for_registries, unit.unneeded_after, *ends)


def _near(units: Iterable[Unit], changed: set[str]) -> Iterable[Unit]:
    """The units that may share an item with a changed one; all of them, where so many changed that
    checking each would cost more.
    """
    if len(changed) > _MANY:
        return units
    longer = tuple(changed)
    return (
        unit
        for unit in units
        if (prefix := unit.scope.prefix).startswith(longer)
        or any(each.startswith(prefix) for each in longer)
    )
