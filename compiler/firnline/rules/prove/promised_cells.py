"""Which cells does a promise cover, and who owns their clocks?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from itertools import product
from math import inf

from firnline.language.model import Promise
from firnline.rules.program import Owned, Program
from firnline.rules.prove.required import Requirements, claim, requirements
from firnline.s3.compare.cells import MOST_CELLS, Cell, NotAnalysed, cells, regions, with_bytes
from firnline.s3.compare.effect import Effect
from firnline.s3.law.limits import MOST_TAGS
from firnline.s3.terms import Clock

_BYTES = Clock.OBJECTS, Clock.NONCURRENT_VERSIONS


@dataclass(frozen=True, slots=True)
class Owners:
    """The owners of a cell, and what they require of it together."""

    cell: Cell
    objects: Owned | None
    old_versions: Owned | None
    effect: Effect
    successor_ends_sooner: bool = False
    """Whether noncurrent versions of the same keys, of other tags or sizes, end sooner than
    these.
    """


def analyse_promises(program: Program) -> None:
    """Raises `NotAnalysed` where the tags of a promise make too many cells."""
    needs = requirements(program)
    for promise in program.promises:
        for prefix in promise.prefixes if promise.tags else ():
            for region in _regions_under(prefix.value, needs):
                covered(promise, _cells(region, needs))


def owners_under(prefix: str, promise: Promise, needs: Requirements) -> Iterator[Owners]:
    """Every cell of keys that begin with the prefix, of objects with the promise's tags and of at
    least one byte.
    """
    for region in _regions_under(prefix, needs):
        by_clock = [needs.on_clock(region, clock) for clock in _BYTES]
        found = _cells(region, needs)
        every = {cell: _owners(cell, by_clock, needs) for cell in found}
        soonest = min((_old_end(owners) for owners in every.values()), default=inf)
        for cell in covered(promise, with_bytes(found)):
            owners = every.get(cell) or _owners(cell, by_clock, needs)
            yield replace(owners, successor_ends_sooner=soonest < _old_end(owners))


def _regions_under(prefix: str, needs: Requirements) -> Iterator[tuple[str, ...]]:
    for region in regions(needs.prefixes | {prefix}):
        if region[-1].startswith(prefix):
            yield region


def _cells(region: tuple[str, ...], needs: Requirements) -> list[Cell]:
    units = [each for clock in _BYTES for each in needs.on_clock(region, clock)]
    filters = [each.scope.filter for each in units]
    filters += [atom.filter for each in units for atom in needs.atoms(each)]
    return list(cells(region[-1], filters))


def covered(promise: Promise, found: list[Cell]) -> Iterable[Cell]:
    """The parts of cells whose objects have the promise's tags. All values that nothing else names
    are alike: one stands for them. Raises `NotAnalysed`.
    """
    if not promise.tags:
        return found
    named = {pair for cell in found for pair in cell.tags}
    covered: dict[Cell, None] = {}
    for cell in found:
        for added in product(*_missing(promise, cell, named)):
            tags = tuple(sorted({*cell.tags, *added}))
            if len(tags) <= MOST_TAGS:
                covered[cell._replace(tags=tags)] = None
            if len(covered) > MOST_CELLS:
                raise NotAnalysed(cell.prefix)
    return covered


def _missing(
    promise: Promise, cell: Cell, named: Set[tuple[str, str]]
) -> Iterator[list[tuple[str, str]]]:
    """For each tag of the promise, what may be added to a cell; nothing where that has another
    value.
    """
    has = dict(cell.tags)
    for tag in promise.tags:
        pairs = [(tag.key.value, value.value) for value in tag.values]
        if tag.key.value in has:
            yield [pair for pair in pairs if pair in cell.tags]
        else:
            alike = [pair for pair in pairs if pair not in named]
            yield [*(pair for pair in pairs if pair in named), *alike[:1]]


def _owners(cell: Cell, by_clock: list[list[Owned]], needs: Requirements) -> Owners:
    claims = [claim(cell, clock, group) for clock, group in zip(_BYTES, by_clock, strict=True)]
    objects, old = (each.owner for each in claims)
    return Owners(cell, objects, old, needs.required(claims, cell))


def _old_end(owners: Owners) -> float:
    return min((after for after, _ in owners.effect.noncurrent_expirations), default=inf)
