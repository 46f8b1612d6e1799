"""The threats of policies, or of rules that nobody wrote as a policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.position import Place
from firnline.reach.doomed.threats import Loss, Threat
from firnline.rules.program import Owned, Program
from firnline.s3.law.classes import READING, SMALL_TARGETS, Reading
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import MinimumSize, Rule, RuleSet
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock

_OUT_OF_REACH: Final = frozenset(
    each for each, reading in READING.items() if reading >= Reading.RESTORE
)


def of_program(program: Program) -> Iterator[Threat]:
    """By age alone: what is kept until nothing needs it is threatened by nothing. The proof says
    that rules do this and no more.
    """
    for each in program.owned(Clock.OBJECTS):
        yield from _of_owned(each)


def of_rules(rules: RuleSet, place: Place) -> Iterator[Threat]:
    for rule in rules.rules:
        if rule.enabled:
            yield from _of_rule(rule, rules.minimum_size, place)


def _of_owned(owned: Owned) -> Iterator[Threat]:
    line, is_filtered = owned.timeline, owned.scope.is_filtered
    if line.ends is not None and line.delete is not None:
        yield Threat(Loss.DELETED, line.ends, owned.scope, line.delete.span, is_filtered)
    archives = [each for each in line.moves if is_out_of_reach(each.storage_class)]
    for move in archives[:1]:  # from one archive to the next it is no nearer
        scope = owned.scope.from_size(owned.unit.moves_from)
        to = move.storage_class
        yield Threat(Loss.ARCHIVED, move.after, scope, move.span, is_filtered, to)


def _of_rule(rule: Rule, minimum: MinimumSize, place: Place) -> Iterator[Threat]:
    by = rule.filter
    scope = Scope(by.prefix, by.tags, by.at_least, by.at_most)
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
