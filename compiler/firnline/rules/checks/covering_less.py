"""Would anything end sooner if a retention covered less? Then that is no remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from firnline.language.model import Clocks
from firnline.rules.program import Program, Unit
from firnline.rules.prove.sooner import may_end_sooner
from firnline.rules.settle_markers import settle_markers
from firnline.s3.scope import Scope


def may_leave(program: Program, outer: Unit, prefixes: Iterable[str]) -> bool:
    """Whether nothing ends sooner where a retention no longer names some of its prefixes."""
    left = set(prefixes)
    return _is_harmless(
        program,
        (
            unit
            for unit in program.units
            if unit.retention is not outer.retention or unit.scope.prefix not in left
        ),
    )


def may_be_limited(program: Program, outer: Unit, inner: Unit, sizes: Scope) -> bool:
    """Whether nothing ends sooner where a retention covers only objects of the sizes of a scope, if
    the inner one repeats what it says of noncurrent versions, and one of each prefix alone what it
    says of uploads and delete markers, which have no size.
    """

    def changed() -> Iterator[Unit]:
        for unit in program.units:
            if unit.retention is outer.retention:
                yield from _limited(unit, sizes)
            elif unit.retention is inner.retention and not unit.clocks.old_versions:
                clocks = replace(unit.clocks, old_versions=outer.clocks.old_versions)
                yield replace(unit, clocks=clocks)
            else:
                yield unit

    return _is_harmless(program, changed())


def _limited(unit: Unit, sizes: Scope) -> Iterator[Unit]:
    at_least, clocks = max(sizes.at_least, 1), unit.clocks
    yield replace(
        unit,
        scope=replace(unit.scope, at_least=at_least, at_most=sizes.at_most),
        clocks=replace(clocks, uploads=None, delete_markers=None),
    )
    by_prefix = Clocks(uploads=clocks.uploads, delete_markers=clocks.delete_markers)
    if by_prefix != Clocks():
        yield replace(unit, scope=Scope(unit.scope.prefix), clocks=by_prefix)


def _is_harmless(program: Program, units: Iterable[Unit]) -> bool:
    after = replace(program, units=settle_markers(tuple(units)))
    return not may_end_sooner(program, after)
