"""What do all rules of a bucket together do to the objects of a scope, clock by clock?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from firnline.s3.compare.atoms import Atom, of_rule, sum_of
from firnline.s3.compare.cells import NotAnalysed
from firnline.s3.compare.difference import Facts
from firnline.s3.compare.story import Step, Story, of_objects, of_old_versions
from firnline.s3.law.classes import SMALL_TARGETS
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import Filter, MinimumSize, Rule, RuleSet
from firnline.s3.scope import NO_LIMIT, Scope
from firnline.s3.terms import Clock

BY_OBJECT = (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)
BY_PREFIX = (Clock.DELETE_MARKERS, Clock.MULTIPART_UPLOADS)
MOST_FILTERED = 500


BY_HEADER = -1
"""Transitions begin at the sizes at which they do without a filter, by the header of the bucket,
other ones for other classes.
"""


@dataclass(frozen=True, slots=True)
class Combined:
    """The transitions by the size from which on they are made, and the ends, which are the same for
    all sizes of a scope.
    """

    stages: tuple[tuple[int, tuple[Step, ...]], ...] = ()
    ends: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What a policy would say of a clock of a scope: transitions of objects from a size on. Where
    larger ones have other transitions, a scope within it tells those.
    """

    moves: tuple[Step, ...] = ()
    moves_from: int = 0
    ends: tuple[Step, ...] = ()


NOTHING = Told()


@dataclass(frozen=True, slots=True)
class _Acts:
    rule: Rule
    scope: Scope
    atoms: tuple[Atom, ...]


class Acting:
    """The enabled ones of some rules; `rules` in their order."""

    def __init__(self, rules: RuleSet, facts: Facts, only: Iterable[Rule] | None = None) -> None:
        self.minimum_size, self.facts = rules.minimum_size, facts
        self.rules = tuple(rules.rules if only is None else only)
        self._by_prefix: dict[str, list[_Acts]] = {}
        for rule in self.rules:
            if rule.enabled:
                atoms = tuple(of_rule(rule, rules.minimum_size))
                acts = _Acts(rule, scope_of(rule.filter), atoms)
                self._by_prefix.setdefault(acts.scope.prefix, []).append(acts)
        self._combined: dict[tuple[Scope, Clock], Combined] = {}

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """Those of the rules, and what any two of them share, wider ones first: the narrowest that
        holds an object is what all that hold it share. Raises `NotAnalysed`.
        """
        found = {each.scope for there in self._by_prefix.values() for each in there}
        while True:
            found = _closed(found)
            split = {part for scope in found for part in self._split(scope)} - found
            if not split:
                return tuple(sorted(found, key=lambda scope: scope.place))
            found |= split

    @property
    def prefixes(self) -> tuple[str, ...]:
        return tuple(sorted(self._by_prefix))

    def combined(self, scope: Scope, clock: Clock) -> Combined:
        known = self._combined.get((scope, clock))
        if known is None:
            known = self._combined[scope, clock] = self._of(scope, clock)
        return known

    def _of(self, scope: Scope, clock: Clock) -> Combined:
        atoms = [a for each in self._over(scope) for a in each.atoms if a.clock is clock]
        stages: list[tuple[int, tuple[Step, ...]]] = []
        ends: tuple[Step, ...] = ()
        for size in _sizes(atoms, scope):
            story = self._story(atoms, size, clock)
            if not stages or stages[-1][1] != story.moves:
                stages.append((size, story.moves))
            ends = story.ends
        return Combined(tuple(stages), ends)

    def told(self, scope: Scope, clock: Clock) -> Told:
        combined = self.combined(scope, clock)
        first = next((stage for stage in combined.stages if stage[1]), None)
        if first is None:
            return Told(ends=combined.ends)
        if self._is_usual(scope, combined):
            return Told(combined.stages[-1][1], BY_HEADER, combined.ends)
        return Told(first[1], first[0], combined.ends)

    def uploads(self, prefix: str) -> int | None:
        """The age at which uploads below a prefix are aborted."""
        return min((a.day for a in self._plain(prefix, Clock.MULTIPART_UPLOADS)), default=None)

    def removes_markers(self, prefix: str) -> bool:
        return any(True for _ in self._plain(prefix, Clock.DELETE_MARKERS))

    def actors(self, scope: Scope, clock: Clock) -> Iterator[tuple[Rule, Atom]]:
        """The rules that make a difference there, each action with its rule."""
        over = list(self._over(scope))
        if clock in BY_PREFIX:
            first = self.uploads(scope.prefix) if clock is Clock.MULTIPART_UPLOADS else 0
            for each in over:
                yield from ((each.rule, a) for a in _on(each, clock) if a.day == first)
            return
        atoms = [a for each in over for a in each.atoms if a.clock is clock]
        for size in _sizes(atoms, scope):
            story = self._story(atoms, size, clock)
            steps = {*story.moves, *story.ends}
            yield from (
                (each.rule, atom)
                for each in over
                for atom in _on(each, clock)
                if _admits(atom, size) and Step(atom.when, atom.target or "", atom.newest) in steps
            )

    def nearest(self, scope: Scope) -> tuple[Rule, ...]:
        """The rules of the narrowest filters that hold a scope."""
        over = list(self._over(scope))
        return tuple(
            each.rule
            for each in over
            if not any(each.scope != o.scope and each.scope.holds(o.scope) for o in over)
        )

    def _story(self, atoms: Iterable[Atom], size: int, clock: Clock) -> Story:
        effect = sum_of(sorted({a for a in atoms if _admits(a, size)}, key=lambda a: a.order))
        told = of_objects if clock is Clock.OBJECTS else of_old_versions
        return told(effect, self.facts)

    def _over(self, scope: Scope) -> Iterator[_Acts]:
        prefixes = (scope.prefix[:each] for each in self._lengths if each <= len(scope.prefix))
        there = (acts for prefix in prefixes for acts in self._by_prefix.get(prefix, ()))
        return (each for each in there if each.scope.holds(scope))

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(prefix) for prefix in self._by_prefix}))

    def _plain(self, prefix: str, clock: Clock) -> Iterator[Atom]:
        scope = Scope(prefix)
        return (a for each in self._over(scope) for a in _on(each, clock))

    def _split(self, scope: Scope) -> Iterator[Scope]:
        """The part of a scope from a size on at which other transitions begin than for smaller
        objects.
        """
        for clock in BY_OBJECT:
            combined = self.combined(scope, clock)
            moving = [size for size, moves in combined.stages if moves]
            if len(moving) > 1 and not self._is_usual(scope, combined):
                yield replace(scope, at_least=moving[1])

    def _is_usual(self, scope: Scope, combined: Combined) -> bool:
        """Whether its transitions begin at the sizes at which they do by the header of the bucket,
        without a word about that.
        """
        moves = combined.stages[-1][1]
        varies = self.minimum_size is MinimumSize.VARIES
        small = tuple(move for move in moves if varies and move.into in SMALL_TARGETS)
        if small == moves or scope.at_least >= SMALL_OBJECT:
            return combined.stages == ((scope.at_least, moves),)
        return combined.stages == ((scope.at_least, small), (SMALL_OBJECT, moves))


def within(told: Told, scope: Scope) -> Told:
    """What is told of a wider scope, of the objects of this one."""
    if not told.moves:
        return replace(told, moves_from=0)
    if told.moves_from == BY_HEADER:
        return told
    size = max(told.moves_from, scope.at_least)
    usual = size == scope.at_least >= SMALL_OBJECT
    return replace(told, moves_from=BY_HEADER if usual else size)


def scope_of(filter: Filter) -> Scope:
    """What a policy can say of it: with tags or an upper bound, objects of at least one byte."""
    at_least = max(filter.at_least, int(bool(filter.tags) or filter.at_most is not None))
    return Scope(filter.prefix, tuple(sorted(filter.tags)), at_least, filter.at_most)


def _closed(scopes: set[Scope]) -> set[Scope]:
    """With what any two of them share; of two prefixes alone that is one of them."""
    found, new = set(scopes), set(scopes)
    while new:
        filtered = [each for each in found if each.is_filtered]
        if len(filtered) > MOST_FILTERED:
            raise NotAnalysed(min(each.prefix for each in filtered))
        pairs = ((one, other) for one in new for other in (found if one.is_filtered else filtered))
        shared = {one.shared_with(other) for one, other in pairs}
        new = {each for each in shared if each is not None} - found
        found |= new
    return found


def _sizes(atoms: Iterable[Atom], scope: Scope) -> list[int]:
    """Those at which something begins within the scope, its own first."""
    highest = NO_LIMIT if scope.at_most is None else scope.at_most
    begin = {atom.at_least for atom in atoms if scope.at_least < atom.at_least <= highest}
    return [scope.at_least, *sorted(begin)]


def _admits(atom: Atom, size: int) -> bool:
    return atom.at_least <= size <= atom.at_most


def _on(acts: _Acts, clock: Clock) -> Iterator[Atom]:
    return (atom for atom in acts.atoms if atom.clock is clock)
