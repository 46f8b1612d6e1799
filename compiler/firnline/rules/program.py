"""What do all policies together ask of a bucket? The union of their retentions, per clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from firnline.diagnostics.position import Span
from firnline.language.model import (
    Clocks,
    Markers,
    Policy,
    Retention,
    Said,
    Timeline,
    Versioning,
)
from firnline.language.units import NEVER, Days


class Clock(Enum):
    OBJECTS = "objects"
    OLD_VERSIONS = "old versions"
    DELETE_MARKERS = "delete markers"
    UPLOADS = "unfinished uploads"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket that policies are for; `locked` where the lock tells what it is like.

    Without a lock the region may be unknown, and the versioning is what the policies expect.
    """

    account: str
    account_id: str
    name: str
    region: str | None
    versioning: Versioning | None
    partition: str = "aws"
    object_lock: bool = False
    directory: bool = False
    locked: bool = False

    @property
    def key(self) -> str:
        """`<account label>/<region>/<bucket>`; the region is `*` where it is unknown."""
        return f"{self.account}/{self.region or '*'}/{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One prefix entry of one retention, or what a policy says at its top level.

    Equal only to itself, as `Owned` is: comparing whole policies would cost more than all checks.
    """

    policy: Policy
    retention: Retention | None
    prefix: str
    prefix_span: Span
    clocks: Clocks

    @property
    def called(self) -> str:
        if self.retention is None:
            return f"policy `{self.policy.name.value}`"
        return f"`{self.retention.name.value}`"


@dataclass(frozen=True, slots=True, eq=False)
class Owned:
    """One clock of one unit; uploads and delete markers are timelines without moves."""

    unit: Unit
    timeline: Timeline

    @property
    def prefix(self) -> str:
        return self.unit.prefix


@dataclass(frozen=True, slots=True)
class Program:
    """The same policies for buckets about which the same is known."""

    namespace: str
    policies: tuple[Policy, ...]
    buckets: tuple[Bucket, ...]
    units: tuple[Unit, ...]

    @property
    def versioning(self) -> Versioning | None:
        return self.buckets[0].versioning

    @property
    def example(self) -> str:
        return self.buckets[0].name

    def owned(self, clock: Clock) -> list[Owned]:
        """Every unit that speaks of a clock, shorter prefixes before those they begin."""
        found = [
            Owned(unit, timeline)
            for unit in self.units
            if (timeline := timeline_of(unit, clock)) is not None and timeline.whole
        ]
        return sorted(found, key=lambda each: each.prefix)


def program_for(
    namespace: str, policies: tuple[Policy, ...], buckets: tuple[Bucket, ...]
) -> Program:
    ordered = tuple(sorted(policies, key=lambda policy: policy.name.value))
    units = tuple(unit for policy in ordered for unit in _units(policy))
    return Program(namespace, ordered, buckets, units)


def nested(owned: list[Owned]) -> Iterator[tuple[Owned, list[Owned]]]:
    """Each of them with all those whose prefix is a proper beginning of its own."""
    above: list[Owned] = []
    for inner in owned:
        while above and not inner.prefix.startswith(above[-1].prefix):
            above.pop()
        yield inner, [outer for outer in above if outer.prefix != inner.prefix]
        above.append(inner)


def owners(program: Program, *clocks: Clock) -> Iterator[tuple[Owned | None, ...]]:
    """Who owns each of the clocks, at every prefix at which one of them changes hands.

    Each combination of owners comes once, at the first of its prefixes.
    """
    speaking: dict[str, dict[Clock, Owned]] = {}
    for clock in clocks:
        for each in program.owned(clock):
            speaking.setdefault(each.prefix, {})[clock] = each
    above: list[tuple[str, tuple[Owned | None, ...]]] = [("", tuple(None for _ in clocks))]
    seen = set()
    for prefix in sorted(speaking):
        while not prefix.startswith(above[-1][0]):
            above.pop()
        inherited = above[-1][1]
        here = tuple(
            speaking[prefix].get(clock, outer)
            for clock, outer in zip(clocks, inherited, strict=True)
        )
        above.append((prefix, here))
        if here not in seen:
            seen.add(here)
            yield here


def _units(policy: Policy) -> Iterator[Unit]:
    if policy.whole_bucket != Clocks():
        yield Unit(policy, None, "", policy.name.span, policy.whole_bucket)
    for retention in policy.retentions:
        for prefix in retention.prefixes:
            yield Unit(policy, retention, prefix.value, prefix.span, retention.clocks)


def timeline_of(unit: Unit, clock: Clock) -> Timeline | None:
    """What a unit asks of a clock; nothing where it does not speak of it."""
    clocks = unit.clocks
    match clock:
        case Clock.OBJECTS:
            return clocks.objects
        case Clock.OLD_VERSIONS:
            return clocks.old_versions
        case Clock.DELETE_MARKERS:
            return _markers(clocks)
        case Clock.UPLOADS:
            return Timeline(clocks.uploads.span, (), clocks.uploads) if clocks.uploads else None


def _markers(clocks: Clocks) -> Timeline | None:
    """Delete markers go by themselves wherever old versions end, unless the unit keeps them."""
    said = clocks.delete_markers
    if said is not None:
        end = Days(0) if said.value is Markers.EXPIRE else NEVER
        return Timeline(said.span, (), Said(end, said.span))
    old = clocks.old_versions
    if old is not None and old.delete is not None and old.ends is not None:
        return Timeline(old.delete.span, (), Said(Days(0), old.delete.span))
    return None
