"""The buckets of policies as checks of what is stored see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from firnline.diagnostics.position import Span
from firnline.inventory.coverage.population import Population
from firnline.inventory.coverage.retentions import kept_scopes, retention_units
from firnline.inventory.coverage.tally import Matched, Tally, matched
from firnline.inventory.forecast.volume import Volume
from firnline.language.model import Policy, Retention
from firnline.rules.program import Program, Unit
from firnline.s3.scope import Scope


@dataclass(frozen=True, slots=True)
class SeenBucket:
    """`facts` names what tells of it, and `as_of` is its moment; None where it does not say one."""

    name: str
    program: Program
    population: Population
    facts: str
    as_of: datetime | None
    tallies: Sequence[Tally]
    by_scope: Mapping[Scope, Matched]

    @property
    def units(self) -> Iterator[Unit]:
        """Of retentions that say something of objects."""
        return retention_units(self.program)

    @property
    def volume(self) -> Volume:
        found = Volume()
        for each in self.tallies:
            found = found.plus(each.volume)
        return found


@dataclass(frozen=True, slots=True)
class Seen:
    """`partly` are the paths of policies that may cover other buckets too, of which nothing is told
    here.
    """

    buckets: tuple[SeenBucket, ...]
    partly: frozenset[str] = frozenset()

    def entries(self) -> Mapping[Span, Entry]:
        """Each prefix of a retention, by its place, where what is stored in all its buckets is
        known; without those of buckets in which nothing is stored.
        """
        found: dict[Span, list[tuple[SeenBucket, Unit]]] = defaultdict(list)
        for bucket in self.buckets:
            for unit in bucket.units:
                if unit.policy.name.span.path not in self.partly:
                    found[unit.span].append((bucket, unit))
        entries = {span: Entry(tuple(each)) for span, each in found.items()}
        return {span: each for span, each in entries.items() if each.is_stored}


class Entry(NamedTuple):
    """One prefix of a retention, in each bucket, with each value of its tags."""

    units: tuple[tuple[SeenBucket, Unit], ...]

    @property
    def retention(self) -> Retention:
        found = self.units[0][1].retention
        assert found is not None
        return found

    @property
    def prefix(self) -> str:
        return self.units[0][1].scope.prefix

    @property
    def buckets(self) -> tuple[SeenBucket, ...]:
        return tuple({id(bucket): bucket for bucket, _ in self.units}.values())

    @property
    def is_stored(self) -> bool:
        return any(bucket.volume.objects for bucket in self.buckets)

    @property
    def below(self) -> Matched:
        """What is below its prefix."""
        return sum_of(bucket.by_scope[Scope(self.prefix)] for bucket in self.buckets)

    @property
    def of_size(self) -> Matched:
        """Of those what has its size."""
        scope = replace(self.units[0][1].scope, tags=())
        return sum_of(bucket.by_scope[scope] for bucket in self.buckets)

    def tagged(self, tag: tuple[str, str]) -> Matched:
        """What is below its prefix with that tag, whatever its size."""
        return sum_of(bucket.by_scope[Scope(self.prefix, (tag,))] for bucket in self.buckets)

    @property
    def whole(self) -> Matched:
        """What it matches."""
        return sum_of(bucket.by_scope[unit.scope] for bucket, unit in self.units)


def look(
    name: str, program: Program, population: Population, facts: str, as_of: datetime | None
) -> SeenBucket:
    """Reads what is stored."""
    scopes = [scope for unit in retention_units(program) for scope in _scopes(unit)]
    scopes += kept_scopes(program)
    tallies = population.tallies(scopes)
    return SeenBucket(name, program, population, facts, as_of, tallies, matched(scopes, tallies))


def sum_of(found: Iterable[Matched]) -> Matched:
    whole = Matched()
    for each in found:
        whole = whole.plus(each)
    return whole


def first_policy(bucket: SeenBucket) -> Policy:
    """Whose file is pointed at by what is about the whole bucket."""
    with_retentions = (each for each in bucket.program.policies if each.retentions)
    return next(with_retentions, bucket.program.policies[0])


def policies_of(buckets: Iterable[SeenBucket]) -> list[Policy]:
    found = (policy for bucket in buckets for policy in bucket.program.policies)
    return list({id(policy): policy for policy in found}.values())


def _scopes(unit: Unit) -> Iterator[Scope]:
    scope = unit.scope
    yield scope
    yield Scope(scope.prefix)
    yield replace(scope, tags=())
    yield from (Scope(scope.prefix, (tag,)) for tag in scope.tags)
    if unit.clocks.objects and unit.clocks.objects.moves:
        yield scope.from_size(unit.moves_from)
