"""What S3 answers about one bucket, and whether that is what is expected of it."""

from __future__ import annotations

from dataclasses import dataclass

from firnline.fleet.live import Live
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.s3.compare.same import surely_same
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning

NO_RULES = RuleSet(())


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides about the effect of rules, besides them."""

    versioning: Versioning
    object_lock: bool = False


def agrees(live: Live, expected: ExpectedBucket) -> bool:
    """By meaning: order, IDs and spelling do not count, nor does a rule that has no effect."""
    return live.bucket_exists and surely_same(rules_of(live), expected.rules)


def mean_the_same(one: Live, other: Live) -> bool:
    """Whether two answers tell of the same bucket, however S3 orders and spells its rules."""
    if one.bucket_exists is not other.bucket_exists:
        return False
    return one.tells_the_same(other) or surely_same(rules_of(one), rules_of(other))


def rules_of(live: Live) -> RuleSet:
    return live.rules or NO_RULES
