"""How long ago is so long ago that a forecast is the same, however long ago it was?

Objects are as old as a bucket, and days that make no difference would make as many groups. Rules by
days do on their first midnight whatever was due before, in the same order. After that a time in a
class counts, until the object may leave it for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from firnline.s3.billing import TIERS_WHEN_NOT_READ
from firnline.s3.law.classes import NO_TARGETS, TARGETS, minimum_stay
from firnline.s3.model import Rule
from firnline.s3.terms import When

TIMELESS: Final = NO_TARGETS
"""The classes in which it makes no difference since when an object is there."""

_STAYS: Final = [stay.value for stay in map(minimum_stay, TARGETS) if stay]
_COUNTED: Final = max(*_STAYS, *(age for _, age in TIERS_WHEN_NOT_READ))


class Ages(NamedTuple):
    """In whole days, counted as rules count them. What is longer ago may as well be so long ago:
    the creation of a current version, when a version became noncurrent, and its creation.
    """

    current: int
    noncurrent: int
    created: int

    def at_least(self, days: int) -> Ages:
        return Ages(*(max(age, days) for age in self))


@dataclass(frozen=True, slots=True)
class Horizon:
    """In one of the `TIMELESS` classes (and of delete markers), and in any other."""

    timeless: Ages
    other: Ages

    def at_least(self, days: int) -> Horizon:
        return Horizon(self.timeless.at_least(days), self.other.at_least(days))


def horizon(rules: Sequence[Rule]) -> Horizon | None:
    """For all of these rules together; None where one has a date: ages do not tell what it does."""
    whens: list[When] = [step.when for rule in rules for step in rule.transitions]
    whens += [rule.expires for rule in rules if rule.expires is not None]
    ages = [int(when) for when in whens if isinstance(when, int)]
    if len(ages) < len(whens):
        return None
    current = max(ages, default=0)
    noncurrent = max((age for rule in rules for age in _of_noncurrent(rule)), default=0)
    # Where a newer version is removed, an older one is noncurrent since the one above was created.
    both = max(current, noncurrent)
    return Horizon(
        timeless=Ages(both, noncurrent, noncurrent),
        # Since when an object is in its class follows from the rules: first those of current
        # versions, then those of noncurrent ones.
        other=Ages(both + _COUNTED, noncurrent + _COUNTED, current + noncurrent + _COUNTED),
    )


def _of_noncurrent(rule: Rule) -> Iterator[int]:
    yield from (int(step.after) for step in rule.noncurrent_transitions)
    if rule.noncurrent_expires is not None:
        yield int(rule.noncurrent_expires.after)
