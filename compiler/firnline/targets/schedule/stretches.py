"""The rules of a bucket and the program they come from → which objects are kept how long.

Ownership is the program's, cell by cell; days and transitions are what the proved rules do to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf
from typing import NamedTuple

from firnline.language.model import Hold, Policy, Promise, Retention
from firnline.rules.diff.boxes import Sizes
from firnline.rules.kept_acts import acting, filter_of
from firnline.rules.program import Owned, Program
from firnline.rules.prove.required import Requirements, claim, requirements
from firnline.s3.compare.applied import Applied
from firnline.s3.compare.cells import Cell, cells, in_filter, regions, with_bytes
from firnline.s3.compare.effect import NO_EFFECT, Effect
from firnline.s3.compare.table import Atoms
from firnline.s3.model import Rule, RuleSet
from firnline.s3.scope import NO_LIMIT, Tags
from firnline.s3.terms import Clock

Filter = tuple[Tags, int, int]
_BYTES = (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)


class Decided(NamedTuple):
    """What a row is about: the settings that decide, the promises and holds that cover it, and the
    kept rules of others that act where no setting decides.

    Policies and retentions are compared by identity.
    """

    objects: Owned | None
    old_versions: Owned | None
    promises: tuple[Promise, ...]
    holds: tuple[Hold, ...]
    kept: tuple[Rule, ...]

    @property
    def key(self) -> tuple[object, ...]:
        return (
            *_said_by(self.objects),
            *_said_by(self.old_versions),
            tuple(map(id, self.promises)),
            tuple(map(id, self.holds)),
            self.kept,
        )

    @property
    def is_anybodys(self) -> bool:
        return bool(self.objects or self.old_versions or self.kept)

    @property
    def suspending(self) -> tuple[Hold, ...]:
        """The holds without which the objects would be deleted."""
        both = (self.objects, self.old_versions)
        found = [hold for each in both if each and each.before_hold for hold in each.unit.holds]
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Objects of a region with some tags and sizes, from `cell.size` on; what rules do to them, and
    would do `without_holds`.
    """

    cell: Cell
    sizes: Sizes
    decided: Decided
    effect: Effect
    without_holds: Effect
    successor_ends_sooner: bool


class Region(NamedTuple):
    """Keys that begin with the last prefix and with no longer one; every set of tags that is told
    apart there.
    """

    prefixes: tuple[str, ...]
    tag_sets: tuple[Tags, ...]
    stretches: tuple[Stretch, ...]


def regions_of(program: Program, rules: RuleSet, before_holds: RuleSet) -> Iterator[Region]:
    """Of all objects of at least one byte, and of those empty ones about which somebody decides.

    Raises `NotAnalysed`.
    """
    walk = _Walk(program, rules, before_holds)
    for prefixes in regions(walk.prefixes):
        yield walk.region(prefixes)


class _Walk:
    def __init__(self, program: Program, rules: RuleSet, before_holds: RuleSet) -> None:
        self._program, self._needs = program, requirements(program)
        self._applied, self._before = Applied(rules), Applied(before_holds)

    @property
    def prefixes(self) -> set[str]:
        said = {each.prefix for clock in _BYTES for each in self._program.owned(clock)}
        covering: tuple[Promise | Hold, ...] = (*self._program.promises, *self._program.holds)
        for each in covering:
            said |= {prefix.value for prefix in each.prefixes}
        said |= {rule.filter.prefix for rule in acting(self._program.kept, _BYTES)}
        return said | {""}

    def region(self, prefixes: tuple[str, ...]) -> Region:
        atoms, before = self._applied.atoms(prefixes), self._before.atoms(prefixes)
        said = _Said(self._program, self._needs, prefixes)
        found = list(cells(prefixes[-1], said.filters | atoms.filters | before.filters))
        with_any = set(with_bytes(found))
        effects = {cell: _effect(atoms, cell) for cell in found}
        soonest = min(map(_old_end, effects.values()), default=inf)
        stretches = []
        for cell, sizes in _with_sizes(found):
            is_empty = cell not in with_any
            decided, effect = said.about(cell, are_empty=is_empty), effects[cell]
            if decided.is_anybodys or not is_empty:
                without = _effect(before, cell)
                sooner = soonest < _old_end(effect)
                stretches.append(Stretch(cell, sizes, decided, effect, without, sooner))
        tag_sets = tuple(dict.fromkeys(cell.tags for cell in found))
        return Region(prefixes, tag_sets, tuple(stretches))


class _Said:
    """What the policies say of a region."""

    def __init__(self, program: Program, needs: Requirements, prefixes: tuple[str, ...]) -> None:
        self._units = [needs.on_clock(prefixes, clock) for clock in _BYTES]
        self._promises = [each for each in program.promises if _covers(each, prefixes[-1])]
        self._holds = tuple(each for each in program.holds if each.covers(prefixes[-1]))
        theirs = (rule for rule in program.kept if prefixes[-1].startswith(rule.filter.prefix))
        self._kept = acting(theirs, _BYTES)

    @property
    def filters(self) -> frozenset[Filter]:
        """By which the cells must be cut: also by the tags of promises."""
        units = {each.filter for group in self._units for each in group}
        tags = {(tags, 0, NO_LIMIT) for each in self._promises for tags in _tags_of(each)}
        return frozenset({*units, *tags, *map(filter_of, self._kept)})

    def about(self, cell: Cell, *, are_empty: bool) -> Decided:
        """Nothing is promised of empty objects."""
        objects, old = (
            claim(cell, clock, units).owner
            for clock, units in zip(_BYTES, self._units, strict=True)
        )
        promises = () if are_empty else self._promises
        covering = (each for each in promises if each.covers(cell.prefix, cell.tags))
        open_ = [
            clock for clock, owner in zip(_BYTES, (objects, old), strict=True) if owner is None
        ]
        theirs = (rule for rule in self._kept if in_filter(cell, filter_of(rule)))
        return Decided(objects, old, tuple(covering), self._holds, acting(theirs, open_))


def said_by(owned: Owned | None) -> tuple[Policy, Retention | None] | None:
    return None if owned is None else (owned.unit.policy, owned.unit.retention)


def _said_by(owned: Owned | None) -> tuple[object, ...]:
    said = said_by(owned)
    return (None, None) if said is None else (id(said[0]), id(said[1]))


def _covers(promise: Promise, prefix: str) -> bool:
    return any(prefix.startswith(each.value) for each in promise.prefixes)


def _tags_of(promise: Promise) -> Iterator[Tags]:
    keys = [tag.key.value for tag in promise.tags]
    for values in product(*(tag.values for tag in promise.tags)):
        pairs = zip(keys, (each.value for each in values), strict=True)
        yield tuple(sorted(pairs))


def _effect(atoms: Atoms, cell: Cell) -> Effect:
    first = atoms.first(atoms.matching(cell))
    return atoms.effect(first) if first else NO_EFFECT


def _old_end(effect: Effect) -> float:
    return min((after for after, _ in effect.noncurrent_expirations), default=inf)


def _with_sizes(found: Sequence[Cell]) -> Iterator[tuple[Cell, Sizes]]:
    """Each cell with the sizes of its objects; those of the same tags follow each other."""
    for place, cell in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        is_largest = after is None or after.tags != cell.tags
        most = NO_LIMIT if after is None or is_largest else after.size - 1
        yield cell, (cell.size, most)
