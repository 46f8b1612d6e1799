"""Phrases that several checks of a program use."""

from __future__ import annotations

from typing import TypeVar

from firnline.rules.program import Clock, Owned, Program
from firnline.rules.prove.cells import key_in
from firnline.rules.prove.interference import (
    CutShort,
    Interference,
    Moved,
    Undecided,
    interference,
)


def asked(clock: Clock) -> str:
    return {
        Clock.OBJECTS: "objects",
        Clock.OLD_VERSIONS: "old versions",
        Clock.DELETE_MARKERS: "delete markers",
        Clock.UPLOADS: "uploads",
    }[clock]


def singular(clock: Clock) -> str:
    return asked(clock).removesuffix("s")


T = TypeVar("T", CutShort, Moved)


def by_owner(program: Program, sort: type[T]) -> list[list[T]]:
    """What of one sort interferes, together what interferes with one clock of one owner."""
    groups: dict[tuple[Clock, Owned], list[T]] = {}
    for each in interference(program):
        if isinstance(each, sort):
            groups.setdefault((each.clock, each.inner), []).append(each)
    return list(groups.values())


def witness(program: Program, found: Interference) -> str:
    """An object of the cell, in a bucket of the program; its size where sizes are spoken of."""
    prefixes = frozenset(unit.scope.prefix for unit in program.units)
    more = [f"tagged {key}={value}" for key, value in found.cell.tags]
    if any(owned.scope.is_sized for owned in _spoken_of(found)):
        more.append(f"of {found.cell.size:,} bytes")
    return ", ".join([f"s3://{program.example}/{key_in(found.cell.prefix, prefixes)}", *more])


def _spoken_of(found: Interference) -> tuple[Owned, ...]:
    if isinstance(found, Undecided):
        return found.claimants
    return found.outer, found.inner


def also_matches(inner: Owned) -> str:
    return f"also matches {inner.scope}"
