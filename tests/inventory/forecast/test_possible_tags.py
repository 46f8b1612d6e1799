"""Whatever tags a listing does not tell, what comes is within the bounds of its forecast."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.change import Change, Changed, change
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.groups import began_in_class, groups
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.possible_tags import MOST_FOLLOWED, Rules, with_possible_tags
from firnline.inventory.forecast.undecided import Contents
from tests.inventory.forecast.firnline_words import batch_of, items_of, prices_of, rules_of
from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.ledger import keep_ledger
from tests.inventory.forecast.ledger.stored import Key, Rule, Version, World
from tests.inventory.forecast.outside import outside
from tests.inventory.forecast.random_worlds import all_by_tags, by_tags, rules, worlds
from tests.inventory.forecast.test_forecast_agrees import OF_BOTH, replaced_when_it_would_move

CHANGES = st.sampled_from(OF_BOTH).flatmap(
    lambda without: st.tuples(
        worlds(without).flatmap(all_by_tags), st.lists(rules(without).flatmap(by_tags), max_size=3)
    )
)
FOLLOWED = st.sampled_from((1, 3, MOST_FOLLOWED))
MONTHS = st.sampled_from((1, 2, 4))


@settings(max_examples=80)
@given(CHANGES, FOLLOWED, MONTHS)
def test_what_comes_is_within_the_bounds(
    drawn: tuple[World, list[Rule]], followed: int, months: int
) -> None:
    compare(*drawn, followed, months)


@pytest.mark.slow
@settings(max_examples=600)
@given(CHANGES, FOLLOWED, MONTHS)
def test_what_comes_is_within_the_bounds_in_hundreds_of_buckets(
    drawn: tuple[World, list[Rule]], followed: int, months: int
) -> None:
    compare(*drawn, followed, months)


def compare(world: World, after: list[Rule], followed: int, months: int) -> None:
    live = batch_of(world)
    keys = tuple(_once(key) for key in world.keys)
    true = [
        replace(
            key,
            versions=tuple(
                replace(version, in_class_since=began_in_class(live, item, world.as_of))
                for version, item in zip(key.versions, items_of(key), strict=True)
            ),
        )
        for key in keys
    ]
    before = replace(world, keys=tuple(true), uploads=())
    sides = before, replace(before, rules=tuple(after))
    assume(not any(replaced_when_it_would_move(each, months) for each in sides))
    found = forecast(*sides, followed, months)
    assert outside(found, *(keep_ledger(each, US_EAST_1, months) for each in sides)) == []


def _once(key: Key) -> Key:
    return replace(key, times=1)


def forecast(before: World, after: World, followed: int, months: int) -> Change:
    """Of a listing without tags."""
    batches = batch_of(before), batch_of(after)
    items = [replace(item, tags=()) for key in before.keys for item in items_of(key)]
    listed = Contents(groups(batches, items, before.as_of, tags_known=False))
    both = Rules(rules_of(before), rules_of(after), batches[0].bucket)
    contents = with_possible_tags(listed, both, before.as_of, followed)
    midnights = starts(before.as_of, months)
    return change([Changed(*batches, contents)], midnights, prices_of(US_EAST_1))


def test_tags_decide_since_when_a_noncurrent_version_is_in_its_class() -> None:
    as_of = datetime(2026, 11, 21, 10, tzinfo=UTC)
    made, replaced = as_of - timedelta(days=100), as_of - timedelta(days=50)
    old = Version(made, 5_000_000, "GLACIER_IR", tags={"t": "1"})
    world = World(
        as_of,
        (Key("a/1", (old, Version(replaced, 1_000))),),
        rules=(
            {
                "Filter": {"Tag": {"Key": "t", "Value": "1"}},
                "Status": "Enabled",
                "Transitions": [{"Days": 30, "StorageClass": "GLACIER_IR"}],
            },
        ),
        versioning="Enabled",
    )
    # In its class for 101 days, or for 71 of 90 where a rule moved it there.
    ends: Rule = {
        "Filter": {"Prefix": ""},
        "Status": "Enabled",
        "NoncurrentVersionExpiration": {"NoncurrentDays": 51},
    }
    after = replace(world, rules=(ends,))
    found = forecast(world, after, MOST_FOLLOWED, 1)
    early = found.after.costs[0].early_deletion
    assert early.at_least == 0 < early.at_most


def test_keys_that_are_not_followed_cost_what_they_cost_where_no_rule_reaches_them() -> None:
    as_of = datetime(2026, 11, 21, 10, tzinfo=UTC)
    world = World(as_of, (Key("a/1", (Version(as_of - timedelta(days=100), 7 << 30),)),))
    ends: Rule = {
        "Filter": {"And": {"Prefix": "a/", "Tags": [{"Key": "t", "Value": "1"}]}},
        "Status": "Enabled",
        "Expiration": {"Days": 7},
    }
    found = forecast(world, replace(world, rules=(ends,)), 1, 1)
    (before,), (after,) = found.before.costs, found.after.costs
    assert before.total.is_exact
    assert after.total == Between(Fraction(), before.total.at_most)
    assert found.saved == (Between(Fraction(), before.total.at_most),)


def test_what_differs_in_size_is_told_apart_where_only_a_filter_by_tags_minds_it() -> None:
    as_of = datetime(2026, 11, 21, 10, tzinfo=UTC)
    made = as_of - timedelta(days=100)
    world = World(as_of, (Key("a/1", (Version(made, 5),)), Key("a/2", (Version(made, 50),))))
    large = {"Tags": [{"Key": "t", "Value": "1"}], "ObjectSizeGreaterThan": 10}
    ends: Rule = {"Filter": {"And": large}, "Status": "Enabled", "Expiration": {"Days": 7}}
    found = forecast(world, replace(world, rules=(ends,)), MOST_FOLLOWED, 1)
    deleted = found.after.first_run.happens[Happens.DELETED]
    assert (deleted.objects, deleted.bytes) == (Between(0, 1), Between(0, 50))
