"""S3 carried rules out: did it delete or move anything before its day? Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from firnline.fleet.expiry.verdicts import WrittenRules
from firnline.inventory.facts.told_days import Became, Changed
from firnline.s3.model import RuleSet
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, LifecycleAction, StoredItem


@dataclass(frozen=True, slots=True)
class Acts:
    """What was changed between two moments: as the rules say, and `early`, which they do not say
    yet. `by_others` are deletions that S3 did not log; None where no logs tell.
    """

    written: WrittenRules
    since: datetime
    until: datetime
    as_said: int
    early: tuple[Changed, ...]
    by_others: int | None = None


def judge_acts(
    written: WrittenRules,
    changes: Iterable[Changed],
    since: datetime,
    until: datetime,
    deleted: Collection[str] | None = None,
) -> Acts:
    """What either the rules or those before them may have done by then is as they say; of tags,
    which no inventory tells, whatever lets a rule act. `deleted` are the keys that S3 itself
    deleted, where its logs tell.
    """
    as_said, others, early = 0, 0, []
    rules = [written.rules, *([written.before] if written.before else [])]
    for each in changes:
        if any(_explains(one, written.state, each, since, until) for one in rules):
            as_said += 1
        elif deleted is not None and not _is_of_s3(each, deleted):
            others += 1
        else:
            early.append(each)
    by_others = None if deleted is None else others
    return Acts(written, since, until, as_said, tuple(early), by_others)


def _is_of_s3(change: Changed, deleted: Collection[str]) -> bool:
    """Only a lifecycle moves an object without writing it anew."""
    return change.became is Became.MOVED or change.item.key in deleted


def _explains(
    rules: RuleSet, bucket: BucketState, change: Changed, since: datetime, until: datetime
) -> bool:
    return any(
        _is(event.action_due.action, event.action_due.storage_class, change)
        for item in _with_any_tags(rules, change.item)
        for event in history(rules, bucket, item, since, until)
    )


def _is(action: LifecycleAction, storage_class: str | None, change: Changed) -> bool:
    if change.became is Became.MOVED:
        return action is LifecycleAction.TRANSITION and storage_class == change.now_in
    # A null version that a marker replaced is gone, and so is one that was deleted as noncurrent.
    return action in (LifecycleAction.EXPIRE, LifecycleAction.DELETE_MARKER)


def _with_any_tags(rules: RuleSet, item: StoredItem) -> Iterator[StoredItem]:
    sets = dict.fromkeys(rule.filter.tags for rule in rules.rules)
    for tags in dict.fromkeys([(), *sets]):
        yield replace(item, tags=tags)
