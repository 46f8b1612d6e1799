"""What do units require while holds suspend every rule that could destroy a byte they cover?

S3 has no exclusions, so a unit that may share a key with a hold becomes `never` as a whole. A wider
unit meets the hold as well, so none of its rules is left to destroy those objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from firnline.language.model import Clocks, Hold, Markers, Timeline
from firnline.language.said import Said
from firnline.language.units import NEVER, After
from firnline.rules.lower import id_length, lower, rules_of
from firnline.rules.program import Owned, Program, Unit, markers_of
from firnline.s3.law.limits import LONGEST_ID, MOST_RULES
from firnline.s3.terms import Clock


def under_holds(program: Program) -> tuple[Unit, ...]:
    """The program's units; those that meet a hold lose their expirations.

    Where a suspended wider clock expires the noncurrent versions of other prefixes, it continues
    there as a unit of its own: a hold on one prefix should not keep the versions of all others.
    Where that would take more rules than S3 accepts, or too long an ID, those versions are kept: a
    hold never stops a program from compiling.
    """
    units = tuple(_under_holds(program))
    if len(lower(replace(program, units=units)).rules) <= MOST_RULES:
        return units
    return tuple(replace(unit, part=None) for unit in units if unit.serves is None)


def _under_holds(program: Program) -> Iterator[Unit]:
    old_versions = program.owned(Clock.NONCURRENT_VERSIONS)
    parts: list[Unit] = []
    for unit in sorted(program.units, key=lambda each: each.scope.place):
        meeting = tuple(hold for hold in program.holds if hold.may_cover(unit.scope.prefix))
        if meeting:
            yield _without_ends(unit, meeting)
            continue
        part = _part(unit, _near(unit, old_versions), program.holds)
        if part is None or any(_does_it(other, part) for other in parts):
            yield unit
            continue
        served = replace(unit, part=part)
        if any(id_length(rule.id) > LONGEST_ID for rule in rules_of(served, program.namespace)):
            yield unit
            continue
        parts.append(part)
        yield served
        yield part


def _near(unit: Unit, owned: list[Owned]) -> list[Owned]:
    """The units that may share an object with this one and are no narrower by prefix."""
    return [each for each in owned if unit.scope.prefix.startswith(each.prefix)]


def _without_ends(unit: Unit, holds: tuple[Hold, ...]) -> Unit:
    """The unit without its expirations, but with its transitions, markers and uploads."""
    never: Said[After] = Said(NEVER, holds[0].name.span)
    before = unit.clocks
    objects, old = (_endless(line, never) for line in (before.objects, before.old_versions))
    if (objects, old) == (before.objects, before.old_versions):
        return unit
    markers = before.delete_markers
    by_themselves = None if unit.markers_said else markers_of(before)
    if markers is None and by_themselves is not None:
        markers = Said(Markers.EXPIRE, by_themselves.span)
    clocks = replace(before, objects=objects, old_versions=old, delete_markers=markers)
    return replace(unit, clocks=clocks, before_hold=before, holds=holds)


def _endless(line: Timeline | None, never: Said[After]) -> Timeline | None:
    if line is None or (line.ends is None and line.keep_newest is None):
        return line
    return replace(line, delete=never, keep_newest=None)


def _part(unit: Unit, near: list[Owned], holds: tuple[Hold, ...]) -> Unit | None:
    """The part of a clock suspended elsewhere that expires this unit's noncurrent versions.

    None where a suspended clock crosses the unit: it owns some of those versions and not others,
    and S3 could not separate those to keep from those to expire.
    """

    def is_suspended(owned: Owned) -> bool:
        ends = owned.timeline.ends is not None
        return ends and any(hold.may_cover(owned.prefix) for hold in holds)

    if unit.clocks.old_versions is not None:
        return None
    owner = next((each for each in reversed(near) if each.scope.holds(unit.scope)), None)
    if owner is None or not is_suspended(owner):
        return None
    for other in filter(is_suspended, near):
        if not other.scope.holds(unit.scope) and other.scope.shared_with(unit.scope):
            return None
    clocks = Clocks(old_versions=owner.timeline)
    return replace(owner.unit, scope=unit.scope, clocks=clocks, serves=unit)


def _does_it(one: Unit, other: Unit) -> bool:
    """Whether the rule of one part does what the other requires."""
    return one.scope.holds(other.scope) and one.clocks.old_versions is other.clocks.old_versions
