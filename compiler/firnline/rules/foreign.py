"""Which live rules of others does a bucket have, and what do the policies say of them?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, assert_never

from firnline.diagnostics.position import Span
from firnline.language.model import ForeignRules, MinimumSizeDefault, Policy
from firnline.language.said import Said
from firnline.s3.model import MinimumSize, Rule
from firnline.s3.read_shape import Unreadable, read_rule


@dataclass(frozen=True, slots=True)
class ForeignRule:
    """A live rule that Firnline did not write, as the lock has it: one line of JSON. `rule` is None
    where somebody edited the line so that it cannot be read.
    """

    id: str
    rule: Rule | None
    span: Span = field(compare=False)


class Settled(NamedTuple):
    """What happens to the foreign rules of a bucket when its rules are written."""

    kept: tuple[ForeignRule, ...] = ()
    going: tuple[ForeignRule, ...] = ()
    refused: tuple[ForeignRule, ...] = ()


def foreign_rule(line: Said[str]) -> ForeignRule:
    """A line of the lock."""
    return ForeignRule(foreign_id(line.value), _read(line.value), line.span)


def foreign_id(line: str) -> str:
    """The ID of a rule as one line of JSON; the line itself where a person edited it so that none
    can be read.
    """
    rule = _read(line)
    return rule.id if rule is not None and rule.id else line


@lru_cache(maxsize=4_096)  # read for the program, and again for what is told of it
def _read(line: str) -> Rule | None:
    try:
        return read_rule(json.loads(line))
    except (ValueError, Unreadable):
        return None


def settled(foreign: Sequence[ForeignRule], policies: Iterable[Policy]) -> Settled:
    """The policies are those of the bucket, with its overrides. Where two contradict each other
    (FL702), the first one counts; where none says it, foreign rules are refused.
    """
    policies = tuple(policies)
    adopted = {said.value for policy in policies for said in policy.adopts}
    mode = foreign_rules_of(policies)
    unreadable = tuple(each for each in foreign if each.rule is None)
    taken = tuple(each for each in foreign if each.rule is not None and each.id in adopted)
    settled_already = {*taken, *unreadable}
    others = tuple(each for each in foreign if each not in settled_already)
    match mode:
        case ForeignRules.KEEP:
            return Settled(others, taken, unreadable)
        case ForeignRules.REPLACE:
            return Settled((), (*taken, *others), unreadable)
        case ForeignRules.REFUSE:
            return Settled((), taken, (*unreadable, *others))
        case _:
            assert_never(mode)


def foreign_rules_of(policies: Iterable[Policy]) -> ForeignRules:
    said = (policy.foreign_rules.value for policy in policies if policy.foreign_rules)
    return next(said, ForeignRules.REFUSE)


def minimum_size_of(policies: Iterable[Policy]) -> MinimumSize:
    """The default minimum size for transitions that a bucket of these policies has."""
    said = {policy.minimum_size_default.value for policy in policies if policy.minimum_size_default}
    return MinimumSize.VARIES if MinimumSizeDefault.VARIES in said else MinimumSize.ALL_128K
