"""Which retention owns a cell, by the policies, or else by the IDs of the rules?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from firnline.diagnostics.position import Span
from firnline.language.model import Tier
from firnline.rules.program import Program, Unit
from firnline.rules.prove.required import BY_PREFIX, Requirements, claim
from firnline.rules.retention_of import retention_of
from firnline.s3.compare.cells import Cell
from firnline.s3.model import Rule, RuleSet
from firnline.s3.terms import Clock, Versioning


@dataclass(frozen=True, slots=True, eq=False)
class BucketConfig:
    """A bucket in one snapshot. `program` is set where it comes from policies, and `written` where
    a file has its rules as S3 does; `versioning` is None where it is unknown. `kept` are the rules
    of others among the rules, and `going` those that they replace.
    """

    rules: RuleSet
    versioning: Versioning | None = None
    object_lock: bool = False
    program: Program | None = None
    written: Span | None = None
    kept: tuple[Rule, ...] = ()
    going: tuple[Rule, ...] = ()


def is_one(one: BucketConfig, other: BucketConfig) -> bool:
    """Whether both are one configuration of the same bucket, so that nothing can differ."""
    facts = one.versioning is other.versioning and one.object_lock == other.object_lock
    return facts and one.rules is other.rules and one.program is other.program


@dataclass(frozen=True, slots=True)
class Owner:
    """`policy/retention`, or a policy alone for its top-level settings; and its tiers by storage
    class, where policies define them.
    """

    name: str
    tiers: tuple[tuple[str, Tier], ...] = ()


class Owners:
    """The owners of the cells of a bucket in one snapshot; computed on demand."""

    def __init__(self, config: BucketConfig) -> None:
        self._requirements = Requirements(config.program) if config.program else None
        self._ours: dict[str, list[tuple[Rule, Owner]]] = {}
        for rule in () if config.program else config.rules.rules:
            if rule.enabled and rule not in config.kept and (name := retention_of(rule.id)):
                owner = Owner(name)
                self._ours.setdefault(rule.filter.prefix, []).append((rule, owner))

    def of(self, region: tuple[str, ...], cell: Cell, clock: Clock) -> Owner | None:
        if self._requirements is None:
            return self._by_id(region, cell, clock)
        if clock in BY_PREFIX:
            cell = Cell(region[-1], (), 0)
        owned = claim(cell, clock, self._requirements.on_clock(region, clock)).owner
        if owned is None:
            return None
        tiers = {(str(move.storage_class), move.tier) for move in owned.timeline.moves}
        return Owner(_name(owned.unit), tuple(sorted(tiers)))

    def _by_id(self, region: tuple[str, ...], cell: Cell, clock: Clock) -> Owner | None:
        """Of our rules that act on the clock, the one with the narrowest filter."""
        named = [
            (rule, owner)
            for prefix in region
            for rule, owner in self._ours.get(prefix, ())
            if _acts_on(rule, clock)
            and (
                clock in BY_PREFIX
                or (rule.filter.admits_size(cell.size) and set(rule.filter.tags) <= set(cell.tags))
            )
        ]
        return max(named, key=lambda each: _narrowness(each[0]))[1] if named else None


def _name(unit: Unit) -> str:
    policy = unit.policy.name.value
    return f"{policy}/{unit.retention.name.value}" if unit.retention else policy


def _narrowness(rule: Rule) -> tuple[int, int, int, str]:
    filter = rule.filter
    return len(filter.prefix), len(filter.tags), filter.larger_than or 0, rule.id


def _acts_on(rule: Rule, clock: Clock) -> bool:
    match clock:
        case Clock.OBJECTS:
            return bool(rule.transitions) or rule.expires is not None
        case Clock.NONCURRENT_VERSIONS:
            return bool(rule.noncurrent_transitions) or rule.noncurrent_expires is not None
        case Clock.DELETE_MARKERS:
            return rule.removes_sole_markers
        case Clock.MULTIPART_UPLOADS:
            return rule.aborts_uploads_after is not None
        case _:
            assert_never(clock)
