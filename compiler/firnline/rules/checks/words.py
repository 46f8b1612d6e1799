"""Phrases that several checks of a program use."""

from __future__ import annotations

from typing import TypeVar

from firnline.rules.program import Owned, Program
from firnline.rules.prove.interference import (
    CutShort,
    Interference,
    Moved,
    Undecided,
    interference,
)
from firnline.s3.compare.cells import Cell, key_in
from firnline.s3.terms import Clock

T = TypeVar("T", CutShort, Moved)


def by_owner(program: Program, case: type[T]) -> list[list[T]]:
    """All interference of one case, grouped by the clock and owner that it affects."""
    groups: dict[tuple[Clock, Owned], list[T]] = {}
    for each in interference(program):
        if isinstance(each, case):
            groups.setdefault((each.clock, each.inner), []).append(each)
    return list(groups.values())


def witness(program: Program, found: Interference) -> str:
    """An object of the cell, in a bucket of the program; its size where a size matters."""
    return example(program, found.cell, with_size=_depends_on_size(found))


def example(program: Program, cell: Cell, *, with_size: bool) -> str:
    """An object of a cell, in a bucket of the program."""
    prefixes = {unit.scope.prefix for unit in program.units}
    more = [f"tagged {key}={value}" for key, value in cell.tags]
    if with_size:
        more.append(f"of {cell.size:,} bytes")
    return ", ".join([f"s3://{program.example}/{key_in(cell.prefix, prefixes)}", *more])


def also_matches(inner: Owned) -> str:
    return f"also matches {inner.scope}"


def _depends_on_size(found: Interference) -> bool:
    involved = _involved(found)
    moving_from = {owned.unit.moves_from for owned in involved if owned.timeline.moves}
    return len(moving_from) > 1 or any(owned.scope.is_sized for owned in involved)


def _involved(found: Interference) -> tuple[Owned, ...]:
    if isinstance(found, Undecided):
        return found.claimants
    return found.outer, found.inner
