"""What S3 tells of an object beside what our rules say: do they agree? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from firnline.fleet.expiry.expected_day import ExpectedDay, StoredFacts, expected_day
from firnline.fleet.questions import Failure, ListedBucket
from firnline.s3.model import RuleSet
from firnline.s3.simulate.expiry_date import DayVerdict
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Versioning


@dataclass(frozen=True, slots=True)
class WrittenRules:
    """What was written to a bucket, and what was live before it, if that is known."""

    bucket: ListedBucket
    rules: RuleSet
    versioning: Versioning
    before: RuleSet | None = None

    @property
    def state(self) -> BucketState:
        return BucketState(self.versioning)


@dataclass(frozen=True, slots=True)
class Compared:
    """One object: what S3 told of it and what was expected. `why` is empty unless unknown."""

    item: StoredItem
    told: date | None
    expected: ExpectedDay
    verdict: DayVerdict
    why: str = ""


@dataclass(frozen=True, slots=True)
class BucketVerdict:
    """`failure` says why nothing, or no more, could be read. `lists` and `heads` are how many
    requests it took.
    """

    written: WrittenRules
    compared: tuple[Compared, ...] = ()
    failure: Failure | None = None
    lists: int = 0
    heads: int = 0

    def of(self, verdict: DayVerdict) -> tuple[Compared, ...]:
        return tuple(each for each in self.compared if each.verdict is verdict)

    @property
    def untested(self) -> tuple[str, ...]:
        """The IDs of the rules with an expiration of which no object's day was compared."""
        seen = {each.expected.rule for each in self.of(DayVerdict.AGREES)}
        seen |= {each.expected.rule for each in self.of(DayVerdict.DISAGREES)}
        rules = (each for each in self.written.rules.rules if each.enabled)
        return tuple(each.id for each in rules if each.expires is not None and each.id not in seen)


def compare(written: WrittenRules, facts: StoredFacts, told: date | None) -> Compared:
    expected = expected_day(written.rules, written.state, facts)
    verdict, why = _judged(written, facts, expected, told)
    return Compared(facts.item, told, expected, verdict, why)


def _judged(
    written: WrittenRules, facts: StoredFacts, expected: ExpectedDay, told: date | None
) -> tuple[DayVerdict, str]:
    if told in expected.possible:
        if expected.is_certain:
            return DayVerdict.AGREES, ""
        return DayVerdict.UNKNOWN, "; ".join(each.value for each in expected.open)
    if written.before is not None:
        earlier = expected_day(written.before, written.state, facts)
        if told in earlier.possible:
            return DayVerdict.NOT_YET, ""
    return DayVerdict.DISAGREES, ""
