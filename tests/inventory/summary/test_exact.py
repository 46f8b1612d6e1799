"""Where rules do not cut through a summary, their forecast is that of the objects one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.forecast.groups import Group, groups
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.outlook import Outlook, StoredUnder, outlook
from firnline.inventory.summary.cut_through import cut_through
from firnline.inventory.summary.file import read_summary, to_parquet
from firnline.inventory.summary.grouped import contents
from firnline.inventory.summary.summary import Summary
from firnline.s3.simulate.batch import Batch
from tests.inventory.forecast.firnline_words import batch_of, items_of, prices_of, rules_of
from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.stored import World
from tests.inventory.forecast.random_worlds import worlds
from tests.inventory.summary.in_rows import summed_up
from tests.inventory.summary.summed_up import summary_of

CALM = settings(max_examples=25, deadline=None)
BRIEF = settings(max_examples=8, deadline=None)
LIMITS = st.sampled_from((1, 2, 3, 20_000))


@pytest.mark.slow
@CALM
@given(worlds(), worlds())
def test_a_summary_is_exact_for_the_rules_that_it_was_made_for(world: World, other: World) -> None:
    rule_sets = (rules_of(world), rules_of(replace(world, rules=other.rules)))
    summary = summary_of(world, rule_sets)
    assert cut_through(summary, rule_sets, world.versioning == "Suspended") == []
    batches = [Batch(each, batch_of(world).bucket) for each in rule_sets]
    summed_up = contents(summary, rule_sets, batches[0].bucket, world.as_of)
    assert summed_up.undecided == []
    for batch in batches:
        assert _told(batch, summed_up.decided, world) == _one_by_one(batches, batch, world)


@pytest.mark.slow
@CALM
@given(worlds(), worlds(), worlds(), LIMITS)
def test_a_summary_is_exact_for_any_rules_that_do_not_cut_through_it(
    world: World, made_for: World, other: World, limit: int
) -> None:
    summary = summary_of(world, [rules_of(made_for)], ("a/", "a/b/", "b/"), limit=limit)
    rule_sets = (rules_of(world), rules_of(replace(world, rules=other.rules)))
    if cut_through(summary, rule_sets, world.versioning == "Suspended"):
        return
    batches = [Batch(each, batch_of(world).bucket) for each in rule_sets]
    summed_up = contents(summary, rule_sets, batches[0].bucket, world.as_of)
    assert summed_up.undecided == []
    for batch in batches:
        assert _told(batch, summed_up.decided, world) == _one_by_one(batches, batch, world)


@BRIEF
@given(worlds(), LIMITS)
def test_the_same_facts_are_the_same_bytes_and_read_back_as_they_were(
    world: World, limit: int
) -> None:
    summary = summary_of(world, [rules_of(world)], limit=limit)
    content = to_parquet(Summary((summary,)))
    assert read_summary(content, "it").buckets == (summary,)
    other = summary_of(world, [rules_of(world)], limit=limit, backwards=True)
    assert to_parquet(Summary((other,))) == content


@BRIEF
@given(worlds(), worlds(), LIMITS)
def test_the_table_engine_sums_up_what_the_items_one_by_one_come_to(
    world: World, made_for: World, limit: int
) -> None:
    found = summary_of(world, [rules_of(made_for)], ("a/",), limit=limit)
    keys = [list(items_of(key)) for key in world.keys]
    listed = summed_up(keys, found.cut, world.as_of, 20_000 if found.cut.together else limit)
    assert replace(found, newest=world.as_of) == listed


def _one_by_one(batches: Sequence[Batch], batch: Batch, world: World) -> Outlook:
    items = [item for key in world.keys for item in items_of(key)]
    return _told(batch, groups(batches, items, world.as_of), world)


def _told(batch: Batch, stored: Sequence[Group], world: World) -> Outlook:
    return outlook([StoredUnder(batch, stored)], starts(world.as_of, 14), prices_of(US_EAST_1))
