"""The forecast and the ledger tell the same, to the fraction of a cent, of every bucket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.groups import Group, began_in_class, groups
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.outlook import Outlook, StoredUnder, outlook
from firnline.inventory.forecast.stays import by_class
from firnline.inventory.forecast.volume import Volume
from firnline.s3.simulate.batch import Batch
from tests.inventory.forecast.everything import everything
from tests.inventory.forecast.firnline_words import (
    batch_of,
    group_of,
    group_of_upload,
    items_of,
    prices_of,
    upload_of,
)
from tests.inventory.forecast.ledger import bill
from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.ledger import Amount, FirstRun, Ledger, Month, keep_ledger
from tests.inventory.forecast.ledger.stored import Key, Rule, World
from tests.inventory.forecast.ledger.walk import What, walk
from tests.inventory.forecast.random_worlds import rules, worlds

# An object in INTELLIGENT_TIERING that nobody reads for 90 days does not move to ONEZONE_IA, which
# the ledger alone knows. Of both classes, a world has one.
OF_BOTH = ("INTELLIGENT_TIERING", "ONEZONE_IA")
WORLDS = st.sampled_from(OF_BOTH).flatmap(worlds)
CHANGES = st.sampled_from(OF_BOTH).flatmap(
    lambda without: st.tuples(worlds(without), st.lists(rules(without), max_size=3))
)
MONTHS = st.sampled_from((1, 1, 2, 3, 7))

EVERYTHING = everything()
BY_THE_LEDGER = keep_ledger(EVERYTHING, US_EAST_1, 4)


@settings(max_examples=150)
@given(WORLDS, MONTHS)
def test_they_agree(world: World, months: int) -> None:
    compare(world, months)


@pytest.mark.slow
@settings(max_examples=3_000)
@given(WORLDS, MONTHS)
def test_they_agree_on_thousands(world: World, months: int) -> None:
    compare(world, months)


def test_they_agree_where_everything_counts() -> None:
    assert forecast(EVERYTHING, US_EAST_1, 4) == BY_THE_LEDGER


@pytest.mark.parametrize("name", US_EAST_1)
def test_they_do_not_agree_at_another_price(name: str) -> None:
    mutated = {**US_EAST_1, name: US_EAST_1[name] * 101 / 100}
    assert forecast(EVERYTHING, mutated, 4) != BY_THE_LEDGER


def compare(world: World, months: int) -> None:
    assume(not replaced_when_it_would_move(world, months))
    assert forecast(world, US_EAST_1, months) == keep_ledger(world, US_EAST_1, months)


def replaced_when_it_would_move(world: World, months: int) -> bool:
    """Whether an old null version is due to move at the midnight at which a null marker takes its
    place: S3 does not say which it does. In the forecast it moves first, in the ledger it does not.
    """
    events = walk(world, 31 * months).events
    return any(event.what is What.REPLACED and event.into for event in events)


def forecast(world: World, prices: bill.Prices, months: int) -> Ledger:
    stored = [*map(group_of, world.keys), *map(group_of_upload, world.uploads)]
    return outlook_of(batch_of(world), stored, world, prices, months)


def outlook_of(
    batch: Batch, stored: Sequence[Group], world: World, prices: bill.Prices, months: int
) -> Ledger:
    """In the ledger's words."""
    midnights = starts(world.as_of, months)
    found = outlook([StoredUnder(batch, stored)], midnights, prices_of(prices))
    told = []
    for usage, cost in zip(found.months, found.costs, strict=True):
        there = {name: each.bytes for name, each in by_class(usage.at_end).items() if each.bytes}
        usd = {name: Fraction(getattr(cost, name)) for name in CHARGES}
        told.append(Month(there, usd))
    return Ledger(tuple(told), _first_run(found))


CHARGES = (
    *("storage", "transitions", "early_deletion", "small_objects"),
    *("overhead", "monitoring", "total"),
)


def _first_run(found: Outlook) -> FirstRun:
    happens: Mapping[Happens, Volume] = found.first_run.happens
    amounts = {each: Amount(volume.objects, volume.bytes) for each, volume in happens.items()}
    return FirstRun(
        amounts.get(Happens.DELETED, Amount()),
        amounts.get(Happens.DELETE_MARKERS, Amount()),
        amounts.get(Happens.MARKERS_REMOVED, Amount()),
        amounts.get(Happens.ABORTED, Amount()),
        {
            into: Amount(volume.objects, volume.bytes, Fraction(found.paid_on_first_run[into]))
            for into, volume in found.first_run.transitions.items()
        },
    )


@settings(max_examples=60)
@given(CHANGES)
def test_grouped_they_agree_under_either_of_two_sets_of_rules(
    change: tuple[World, list[Rule]],
) -> None:
    compare_grouped(*change)


@pytest.mark.slow
@settings(max_examples=1_000)
@given(CHANGES)
def test_grouped_they_agree_on_a_thousand(change: tuple[World, list[Rule]]) -> None:
    compare_grouped(*change)


def compare_grouped(world: World, after: list[Rule]) -> None:
    """Keys that are almost the same, a second apart and of a byte more, which may be grouped."""
    both = (world.rules, tuple(after))
    keys = [_another(key, number) for key in world.keys for number in range(4)]
    uploads = [replace(upload, size=0, times=1) for upload in world.uploads]
    batches = [batch_of(replace(world, rules=each)) for each in both]
    items = [item for key in keys for item in items_of(key)]
    items += [upload_of(upload) for upload in uploads]
    keys = [with_time_in_class(batches[0], key, world.as_of) for key in keys]
    found = groups(batches, items, world.as_of)
    for batch, each in zip(batches, both, strict=True):
        bare = replace(world, keys=tuple(keys), uploads=tuple(uploads), rules=each)
        assume(not replaced_when_it_would_move(bare, 2))
        assert outlook_of(batch, found, bare, US_EAST_1, 2) == keep_ledger(bare, US_EAST_1, 2)


def _another(key: Key, number: int) -> Key:
    earlier = timedelta(seconds=number)
    versions = (
        replace(each, created=each.created - earlier, size=each.size + number * (not each.marker))
        for each in key.versions
    )
    return Key(f"{key.name}/{number}", tuple(versions))


def with_time_in_class(live: Batch, key: Key, as_of: datetime) -> Key:
    """What the rules in force tell of it, which the ledger takes as given."""
    versions = (
        replace(version, in_class_since=began_in_class(live, item, as_of))
        for version, item in zip(key.versions, items_of(key), strict=True)
    )
    return replace(key, versions=tuple(versions))
