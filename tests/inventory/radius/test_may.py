"""What a change may do to keys that are not followed includes what it does to followed ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.groups import groups
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.undecided import Contents, Unfollowed
from firnline.inventory.radius.radius import Radius, radius
from firnline.inventory.radius.reached import BucketFacts
from firnline.inventory.radius.sooner import Way, Window
from firnline.inventory.radius.sums import What
from firnline.rules.diff.items import compare
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.model import Filter, NoncurrentExpiration, NoncurrentTransition, Rule, RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Clock, Days, StorageClass, Versioning

KEY = "lab/*/lab-data"
AT = datetime(2026, 5, 10, 12, tzinfo=UTC)
KEPT, OTHER = ("team", "x"), ("team", "y")
SIZE = 10**6


def days_ago(days: int) -> datetime:
    return AT - timedelta(days=days)


VERSIONS = (
    StoredItem("k", AT, SIZE, tags=(KEPT,)),
    StoredItem("k", days_ago(3), SIZE, tags=(OTHER,), current=False, noncurrent_since=AT),
    StoredItem(
        "k",
        days_ago(4),
        SIZE,
        tags=(KEPT,),
        current=False,
        noncurrent_since=days_ago(3),
        newer_noncurrent=1,
    ),
)
ENDS_OTHER = Rule("other", Filter(tags=(OTHER,)), noncurrent_expires=NoncurrentExpiration(Days(1)))
MOVES_ALL_BUT_ONE = Rule(
    "moves",
    Filter(tags=(KEPT,)),
    noncurrent_transitions=(NoncurrentTransition(Days(5), StorageClass("GLACIER"), 1),),
)
ENDS_ALL_BUT_ONE = Rule(
    "ends", Filter(tags=(KEPT,)), noncurrent_expires=NoncurrentExpiration(Days(5), 1)
)


@pytest.mark.parametrize("unchanged", [MOVES_ALL_BUT_ONE, ENDS_ALL_BUT_ONE], ids=["moves", "ends"])
def test_a_rule_may_no_longer_act_because_a_newer_version_ends_by_another_one(
    unchanged: Rule,
) -> None:
    """Where it keeps one newer version, and the one that there was is deleted before its day."""
    pair = RuleSet((unchanged,)), RuleSet((unchanged, ENDS_OTHER))
    followed, unfollowed = of_versions(*pair)
    happens = set(followed.total.done)
    assert {each.way for each in happens} == {Way.NEW, Way.NO_LONGER}
    assert happens <= set(unfollowed.total.done)


def test_a_rule_that_keeps_no_newer_versions_does_not_act_less_by_that() -> None:
    plain = Rule("plain", Filter(tags=(KEPT,)), noncurrent_expires=NoncurrentExpiration(Days(5)))
    _, unfollowed = of_versions(RuleSet((plain,)), RuleSet((plain, ENDS_OTHER)))
    told: set[What] = set(unfollowed.total.done)
    assert {(each.window, each.way) for each in told} == {(each, Way.NEW) for each in Window}


def of_versions(old: RuleSet, new: RuleSet) -> tuple[Radius, Radius]:
    """As they are followed, and as they are where they are not."""
    state = BucketState(Versioning.ENABLED)
    before, after = Batch(old, state), Batch(new, state)
    found = groups([before, after], VERSIONS, AT)
    sides = ({KEY: BucketConfig(each, Versioning.ENABLED)} for each in (old, new))
    items = compare(*sides).items

    def told(contents: Contents) -> Radius:
        facts = BucketFacts(KEY, Changed(before, after, contents), frozenset(Clock))
        return radius(items, [facts], starts(AT, 2))

    not_followed: Sequence[Unfollowed] = [Unfollowed((group,)) for group in found]
    return told(Contents(found)), told(Contents((), (), not_followed))
