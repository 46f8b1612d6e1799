"""S3 carried rules out: did it delete or move anything before its day? Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from firnline.fleet.expiry.verdicts import WrittenRules
from firnline.inventory.facts.told_days import Became, Changed
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import RuleSet
from firnline.s3.simulate.clock import DAY, midnight_from
from firnline.s3.simulate.history import Event, history
from firnline.s3.simulate.stored import BucketState, LifecycleAction, StoredItem

_LISTED: Final = 5
_LISTING: Final = timedelta(hours=6)
"""S3 lists a bucket for some time after the moment of an inventory: what it does then may show."""


@dataclass(frozen=True, slots=True)
class Between:
    """Two inventories of these moments. Where they do not list `all_versions`, what a delete marker
    hides is gone from the later one.
    """

    since: datetime
    until: datetime
    all_versions: bool = True


@dataclass(frozen=True, slots=True)
class Acts:
    """What was changed between two inventories: how much as the rules say, and how much too
    `early`, with the first `examples`, deletions before moves. `by_others` are deletions that S3
    did not log; None where no logs tell.
    """

    written: WrittenRules
    between: Between
    as_said: int
    early: Mapping[Became, int]
    examples: tuple[Changed, ...] = ()
    by_others: int | None = None

    @property
    def too_early(self) -> int:
        return sum(self.early.values())


def judge_acts(
    written: WrittenRules,
    changes: Iterable[Changed],
    between: Between,
    deleted: Collection[str] | None = None,
) -> Acts:
    """What either the rules or those before them may have done by then is as they say; of tags,
    which no inventory tells, whatever lets a rule act. `deleted` are the keys that S3 itself
    deleted, where its logs tell. Of `changes` no more is kept than the examples.
    """
    as_said, others, early = 0, 0, Counter[Became]()
    examples: list[Changed] = []
    is_as_said = _judge(written, between)
    for each in changes:
        if is_as_said(each):
            as_said += 1
        elif deleted is not None and not _is_of_s3(each, deleted):
            others += 1
        else:
            early[each.became] += 1
            if len(examples) < _LISTED or _worst_first(each) < _worst_first(examples[-1]):
                examples = sorted([*examples, each], key=_worst_first)[:_LISTED]
    by_others = None if deleted is None else others
    return Acts(written, between, as_said, early, tuple(examples), by_others)


def _worst_first(change: Changed) -> tuple[bool, str]:
    return change.became is Became.MOVED, change.item.key


def _is_of_s3(change: Changed, deleted: Collection[str]) -> bool:
    """Only a lifecycle moves an object without writing it anew."""
    return change.became is Became.MOVED or change.item.key in deleted


def _judge(written: WrittenRules, between: Between) -> Callable[[Changed], bool]:
    """Simulates one object of those to which the rules mean the same."""
    rules = [written.rules, *([written.before] if written.before else [])]
    filters = dict.fromkeys(rule.filter for each in rules for rule in each.rules)
    prefixes = tuple(dict.fromkeys(each.prefix for each in filters if each.prefix))
    sizes = tuple({each.larger_than for each in filters} | {each.smaller_than for each in filters})
    known: dict[Hashable, bool] = {}

    def is_as_said(change: Changed) -> bool:
        item = change.item
        alike = (
            change.became,
            change.now_in,
            midnight_from(item.created),
            tuple(map(item.key.startswith, prefixes)),
            tuple((item.size > each, item.size < each) for each in sizes if each is not None),
            item.size >= SMALL_OBJECT,
            (item.storage_class, item.tags, item.null_version, item.replication),
        )
        if alike not in known:
            known[alike] = any(_explains(one, written.state, change, between) for one in rules)
        return known[alike]

    return is_as_said


def _explains(rules: RuleSet, bucket: BucketState, change: Changed, between: Between) -> bool:
    """S3 may be late: what was due at the midnight before the earlier inventory was still there."""
    since = midnight_from(between.since) - DAY
    return any(
        _is(event, change, between)
        for item in _with_any_tags(rules, change.item)
        for event in history(rules, bucket, item, since, between.until + _LISTING)
    )


def _is(event: Event, change: Changed, between: Between) -> bool:
    done = event.action_due
    if change.became is Became.MOVED:
        return done.action is LifecycleAction.TRANSITION and done.storage_class == change.now_in
    if change.became is Became.HIDDEN:
        return done.action is LifecycleAction.DELETE_MARKER
    # Of a suspended bucket the marker replaces the null version, which is gone then.
    hidden = done.action is LifecycleAction.DELETE_MARKER and not between.all_versions
    return event.item is None or hidden


def _with_any_tags(rules: RuleSet, item: StoredItem) -> Iterator[StoredItem]:
    sets = dict.fromkeys(rule.filter.tags for rule in rules.rules)
    for tags in dict.fromkeys([(), *sets]):
        yield replace(item, tags=tags)
