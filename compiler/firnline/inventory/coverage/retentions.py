"""Of a program, what says how long objects are kept: by these scopes a bucket is covered."""

from __future__ import annotations

from collections.abc import Iterator

from firnline.rules.kept_acts import ending_scopes
from firnline.rules.program import Program, Unit
from firnline.s3.scope import Scope


def retention_units(program: Program) -> Iterator[Unit]:
    """Of retentions that say something of objects, their versions or markers, as they are written:
    what a hold suspends is covered too.
    """
    for unit in program.as_written.units:
        clocks = unit.clocks
        if unit.retention and (clocks.objects or clocks.old_versions or clocks.delete_markers):
            yield unit


def deciding_scopes(program: Program | None) -> tuple[Scope, ...]:
    """Also of rules of others that are kept, and delete."""
    return tuple(dict.fromkeys((*retention_scopes(program), *kept_scopes(program))))


def kept_scopes(program: Program | None) -> tuple[Scope, ...]:
    return ending_scopes(program.kept) if program else ()


def retention_scopes(program: Program | None) -> tuple[Scope, ...]:
    """None where no policy covers the bucket."""
    units = retention_units(program) if program else ()
    return tuple(dict.fromkeys(unit.scope for unit in units))
