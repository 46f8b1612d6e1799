"""On which day should S3 say that it expires an object, by these rules? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from firnline.s3.model import Rule, RuleSet
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.expiry_date import first_expiration
from firnline.s3.simulate.stored import BucketState, StoredItem

_DAY = timedelta(days=1)


class Open(Enum):
    """Why more than one day is possible."""

    TAGS = "its tags are not known"
    MIDNIGHT = "it was created at midnight: what S3 adds then is not documented"
    REPLICATION = "its replication is not done: whether S3 tells a day then is not documented"


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """An object as it is stored, current; of its tags nothing is known without `knows_tags`."""

    item: StoredItem
    knows_tags: bool = True


@dataclass(frozen=True, slots=True)
class ExpectedDay:
    """`day` is ours, None where no rule expires the object; `rule` the ID of one that sets it.
    `possible` are all days, with ours, that S3 may tell by what is known.
    """

    day: date | None
    rule: str | None
    possible: frozenset[date | None]
    open: tuple[Open, ...] = ()

    @property
    def is_certain(self) -> bool:
        return len(self.possible) == 1


def expected_day(rules: RuleSet, bucket: BucketState, facts: StoredFacts) -> ExpectedDay:
    item = replace(facts.item, replication=None)
    day, rule = _first(rules, bucket, item)
    possible = _by_tags(rules, bucket, item) if not facts.knows_tags else {day}
    opened = [Open.TAGS] if len(possible) > 1 else []
    if midnight_from(item.created) == item.created:
        later = replace(item, created=_after(item.created))
        also = (
            _by_tags(rules, bucket, later)
            if not facts.knows_tags
            else {_first(rules, bucket, later)[0]}
        )
        if not also <= possible:
            opened.append(Open.MIDNIGHT)
        possible = possible | also
    if facts.item.awaits_replication and possible != {None}:
        opened.append(Open.REPLICATION)
        possible = possible | {None}
    return ExpectedDay(day, rule, frozenset(possible), tuple(opened))


def _first(rules: RuleSet, bucket: BucketState, item: StoredItem) -> tuple[date | None, str | None]:
    found = first_expiration(rules, bucket, item)
    if found is None or found.due is None:
        return None, None
    return found.due.date(), found.rule.id


def _by_tags(rules: RuleSet, bucket: BucketState, item: StoredItem) -> set[date | None]:
    """With whatever tags: the day without any, and that with just those of each rule that names
    some. More tags only let one of these days be an earlier one of them.
    """
    without, _ = _first(rules, bucket, replace(item, tags=()))
    found: set[date | None] = {without}
    for rule in _with_tags(rules.rules):
        day, _ = _first(rules, bucket, replace(item, tags=rule.filter.tags))
        if day is not None and (without is None or day < without):
            found.add(day)
    return found


def _with_tags(rules: Iterable[Rule]) -> Iterable[Rule]:
    return (rule for rule in rules if rule.filter.tags and rule.expires is not None)


def _after(midnight: datetime) -> datetime:
    """A moment that is rounded up as S3 might round up the midnight itself."""
    return midnight + timedelta(microseconds=1)


def needs_tags(rules: RuleSet, bucket: BucketState, item: StoredItem) -> bool:
    """Whether tags decide on which day S3 expires it."""
    return len(_by_tags(rules, bucket, item)) > 1
