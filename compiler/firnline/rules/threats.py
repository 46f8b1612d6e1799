"""What do policies, or rules that nobody wrote as a policy, delete or archive out of reach?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Final

from firnline.diagnostics.position import Place
from firnline.rules.program import Owned, Program
from firnline.s3.law.classes import READING, SMALL_TARGETS, Reading
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import MinimumSize, Rule, RuleSet
from firnline.s3.scope import NO_LIMIT, Scope, Tags
from firnline.s3.terms import Clock, StorageClass, When

_OUT_OF_REACH: Final = frozenset(
    each for each, reading in READING.items() if reading >= Reading.RESTORE
)


class Loss(Enum):
    """Why an object can no longer be read as it is."""

    DELETED = "deleted"
    ARCHIVED = "archived"
    """It is in a class from which it must be restored first."""


@dataclass(frozen=True, slots=True, eq=False)
class Threat:
    """What happens to all objects in `scope` that are so old, or on a date to all, and where that
    is written; `storage_class` is where they are archived. `is_filtered`: by tags or a size that
    somebody named. `kept` is the ID of a rule of others that does it. Equal only to itself.
    """

    loss: Loss
    after: When
    scope: Scope
    place: Place
    is_filtered: bool
    storage_class: StorageClass | None = None
    kept: str | None = None

    def is_before(self, other: Threat) -> bool:
        """Whether nothing is left for the other one of what both match: it comes no sooner."""
        if isinstance(self.after, date) != isinstance(other.after, date):
            return False
        is_gone = self.loss is Loss.DELETED or other.loss is Loss.ARCHIVED
        return is_gone and self.after <= other.after  # type: ignore[operator]

    def admits(self, tags: Tags, size: int) -> bool:
        """Whether an object with just these tags matches, its key aside."""
        scope = self.scope
        most = NO_LIMIT if scope.at_most is None else scope.at_most
        return set(scope.tags) <= set(tags) and scope.at_least <= size <= most


def of_program(program: Program) -> Iterator[Threat]:
    """By age alone: what is kept until nothing needs it is threatened by nothing. The proof says
    that rules do this and no more, but for the rules of others that are kept.
    """
    for each in program.owned(Clock.OBJECTS):
        yield from of_owned(each)
    yield from of_kept(program)


def of_kept(program: Program) -> Iterator[Threat]:
    """Not where the retention around it does the same: nothing else is possible there (FL408)."""
    scopes = [each.scope for each in program.owned(Clock.OBJECTS)]
    for kept in program.foreign.kept:
        if kept.rule is None or not kept.rule.enabled:
            continue
        for threat in _of_rule(kept.rule, program.minimum_size, kept.span):
            if not any(scope.holds(threat.scope) for scope in scopes):
                yield replace(threat, kept=kept.id)


def of_rules(rules: RuleSet, place: Place) -> Iterator[Threat]:
    for rule in rules.rules:
        if rule.enabled:
            yield from _of_rule(rule, rules.minimum_size, place)


def of_owned(owned: Owned) -> Iterator[Threat]:
    """On its own clock; what the newest versions are spared is not looked at."""
    line, is_filtered = owned.timeline, owned.scope.is_filtered
    if line.ends is not None and line.delete is not None:
        yield Threat(Loss.DELETED, line.ends, owned.scope, line.delete.span, is_filtered)
    yield from moves_into(owned, _OUT_OF_REACH)


def moves_into(owned: Owned, classes: Collection[str]) -> Iterator[Threat]:
    """The first move to one of these: from one archive to the next it is no nearer."""
    for move in [each for each in owned.timeline.moves if each.storage_class in classes][:1]:
        to = move.storage_class
        scope = owned.scope.from_size(owned.unit.moves_from_into(to))
        yield Threat(Loss.ARCHIVED, move.after, scope, move.span, owned.scope.is_filtered, to)


def _of_rule(rule: Rule, minimum: MinimumSize, place: Place) -> Iterator[Threat]:
    by = rule.filter
    scope = by.scope
    if rule.expires is not None:
        yield Threat(Loss.DELETED, rule.expires, scope, place, scope.is_filtered)
    for move in rule.transitions:
        if is_out_of_reach(move.storage_class):
            takes_small = minimum is MinimumSize.VARIES and move.storage_class in SMALL_TARGETS
            moving = scope if by.sized or takes_small else scope.from_size(SMALL_OBJECT)
            to = move.storage_class
            yield Threat(Loss.ARCHIVED, move.when, moving, place, scope.is_filtered, to)


def is_out_of_reach(storage_class: str | None) -> bool:
    """Whether what is in the class must be restored before it can be read."""
    return storage_class in _OUT_OF_REACH
