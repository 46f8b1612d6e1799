"""Whatever the tags are that nobody listed, what comes is within the bounds of the forecast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from firnline.inventory.forecast.between import Between, Number
from firnline.inventory.forecast.change import Change, Changed, change
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.groups import Group, Stored
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.undecided import Contents, Undecided
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.shipped import US_EAST_1 as SHIPPED
from firnline.s3.model import Filter, RuleSet, Transition
from firnline.s3.model import Rule as LifecycleRule
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Days, StorageClass, Versioning
from tests.inventory.forecast.firnline_words import batch_of, items_of, prices_of, upload_of
from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.ledger import keep_ledger
from tests.inventory.forecast.ledger.stored import Key, Rule, World
from tests.inventory.forecast.outside import outside
from tests.inventory.forecast.random_worlds import TAGS, all_by_tags, by_tags, rules, worlds
from tests.inventory.forecast.test_forecast_agrees import (
    CHARGES,
    OF_BOTH,
    replaced_when_it_would_move,
)

HIDDEN = st.sampled_from(TAGS)
VERSIONS = 2
MORE = {1_000: 40_000, 5_000_000: 900_000_000}
"""By how many bytes objects that rules treat alike may differ."""


@st.composite
def hidden(draw: st.DrawFn) -> tuple[World, list[Rule], list[list[Key]]]:
    """A bucket, the rules after a change, and what the keys of the bucket really are: each stands
    for some that have the same versions but for their tags, and for some bytes of their sizes.
    """
    without = draw(st.sampled_from(OF_BOTH))
    world = draw(worlds(without).flatmap(all_by_tags))
    after = draw(st.lists(rules(without).flatmap(by_tags), max_size=3))
    keys = [draw(_really(key)) for key in world.keys]
    return world, after, keys


@st.composite
def _really(draw: st.DrawFn, key: Key) -> list[Key]:
    found = []
    for number in range(draw(st.integers(1, 3))):
        versions = tuple(
            replace(
                version,
                tags={} if version.marker else draw(HIDDEN),
                size=version.size + number * MORE.get(version.size, 0),
            )
            for version in key.versions[-VERSIONS:]
        )
        times = draw(st.sampled_from((1, 1, 1_000, 40_000_000)))
        found.append(Key(f"{key.name}/{number}", versions, times))
    return found


@settings(max_examples=60)
@given(hidden(), st.sampled_from((1, 2, 4)))
def test_what_comes_is_within_the_bounds(
    drawn: tuple[World, list[Rule], list[list[Key]]], months: int
) -> None:
    compare(*drawn, months)


@pytest.mark.slow
@settings(max_examples=500)
@given(hidden(), st.sampled_from((1, 2, 4)))
def test_what_comes_is_within_the_bounds_of_hundreds(
    drawn: tuple[World, list[Rule], list[list[Key]]], months: int
) -> None:
    compare(*drawn, months)


def compare(world: World, after: list[Rule], really: list[list[Key]], months: int) -> None:
    true = replace(world, keys=tuple(key for keys in really for key in keys))
    sides = [true, replace(true, rules=tuple(after))]
    assume(not any(replaced_when_it_would_move(each, months) for each in sides))
    found = bounds_of(sides, really, months)
    ledgers = [keep_ledger(each, US_EAST_1, months) for each in sides]
    assert outside(found, *ledgers) == []


@settings(max_examples=25)
@given(hidden(), st.sampled_from((1, 3)))
def test_the_bounds_of_one_key_are_what_it_may_come_to(
    drawn: tuple[World, list[Rule], list[list[Key]]], months: int
) -> None:
    world, after, ((first, *_), *_) = drawn
    key = replace(first, times=1)
    possible = [
        [
            replace(world, keys=(tagged,), uploads=(), rules=each)
            for each in (world.rules, tuple(after))
        ]
        for tagged in _tagged(key, _options(key))
    ]
    assume(not any(replaced_when_it_would_move(each, months) for one in possible for each in one))
    found = bounds_of(possible[0], [[key]], months)
    told = [[keep_ledger(each, US_EAST_1, months) for each in one] for one in possible]
    for number in range(months):
        for name in CHARGES:
            before, after_it = (
                [one[side].months[number].usd[name] for one in told] for side in (0, 1)
            )
            assert getattr(found.before.costs[number], name) == _span(before)
            assert getattr(found.after.costs[number], name) == _span(after_it)
        saved = [
            one.months[number].usd["total"] - other.months[number].usd["total"]
            for one, other in told
        ]
        assert found.saved[number] == _span(saved)
        for name, volume in found.after.by_class[number].items():
            assert volume.bytes == _span([one.months[number].bytes.get(name, 0) for _, one in told])
    deleted = found.after.first_run.happens[Happens.DELETED]
    assert deleted.objects == _span([one.first_run.deleted.objects for _, one in told])


def _span(numbers: Sequence[Number]) -> Between[Number]:
    return Between(min(numbers), max(numbers))


def bounds_of(sides: Sequence[World], really: Sequence[list[Key]], months: int) -> Change:
    """Of a forecast that knows everything of the keys but their tags."""
    world = sides[0]
    uploads: list[Group] = [
        (Stored(upload_of(each), _times(each.size, each.times), each.initiated),)
        for each in world.uploads
    ]
    contents = Contents(uploads, [_undecided(keys) for keys in really])
    before, after = map(batch_of, sides)
    midnights = starts(world.as_of, months)
    return change([Changed(before, after, contents)], midnights, prices_of(US_EAST_1))


def _undecided(keys: list[Key]) -> Undecided:
    smallest = keys[0]
    volumes = [Volume() for _ in smallest.versions]
    for key in keys:
        for place, version in enumerate(key.versions):
            volumes[place] = volumes[place].plus(_times(version.size, key.times))
    return Undecided(
        tuple(
            tuple(
                Stored(item, volume, version.in_class_since or version.created)
                for item, volume, version in zip(
                    items_of(tagged), volumes, tagged.versions, strict=True
                )
            )
            for tagged in _tagged(smallest, _options(smallest))
        )
    )


def _options(key: Key) -> list[Sequence[Mapping[str, str]]]:
    return [({},) if version.marker else TAGS for version in key.versions]


def _tagged(key: Key, options: Sequence[Sequence[Mapping[str, str]]]) -> Iterator[Key]:
    for chosen in product(*options):
        pairs = zip(key.versions, chosen, strict=True)
        yield replace(key, versions=tuple(replace(each, tags=tags) for each, tags in pairs))


def _times(size: int, times: int) -> Volume:
    return Volume().plus(Volume.of(size), times)


MIB, GIB, TIB = 2**20, 2**30, 2**40


def test_decided_overhead_may_fall_into_another_price_band() -> None:
    """Archived objects add 8 KiB each at the rate of STANDARD, on top of what is stored there."""
    archived = item("archived", MIB, storage_class="GLACIER")
    overhead = Volume().plus(Volume.of(MIB), 40_000_000)
    decided = (Stored(archived, overhead, archived.created),)
    found = deleting_drafts(Volume(50, 50 * TIB, 50 * TIB), decided)  # the first band's end
    (cost,) = found.after.costs
    added = Fraction(40_000_000 * 8 * 1024, GIB)
    archive = 4 * added * Fraction("0.0036")
    assert cost.overhead.at_least == archive + added * Fraction("0.022")
    assert cost.overhead.at_most == archive + added * Fraction("0.023")
    assert found.before.costs[0].overhead.is_exact


def test_nothing_may_be_saved_whatever_bands_are_reached() -> None:
    found = deleting_drafts(Volume(100, 100 * TIB, 100 * TIB))
    everything = 1024 * (50 * Fraction("0.023") + 50 * Fraction("0.022"))
    assert found.before.costs[0].total == Between.exactly(everything)
    assert found.saved[0].at_least <= 0
    assert found.saved[0].at_most == everything


def test_small_objects_may_be_of_another_possibility_than_large_ones() -> None:
    small, large = 200 * 1024, GIB
    volume = Volume.of(small).plus(Volume.of(large))
    moved = (Transition(Days(1), StorageClass("GLACIER_IR")),)
    found = changed(LifecycleRule("drafts", DRAFTS, transitions=moved), volume, small)
    stay, move, request = Fraction("0.023"), Fraction("0.004"), Fraction("0.00002")
    least = move + request + stay * small / large
    most = stay + request + move * small / large
    assert found.after.costs[0].total.at_least <= least < most <= found.after.costs[0].total.at_most


DRAFTS = Filter("", (("stage", "draft"),))


def deleting_drafts(volume: Volume, *decided: Group) -> Change:
    return changed(LifecycleRule("drafts", DRAFTS, expires=Days(1)), volume, MIB, *decided)


def changed(rule: LifecycleRule, volume: Volume, smallest: int, *decided: Group) -> Change:
    """By a rule for drafts, which the volume may be."""
    possible = [item("a", smallest, tags=tags) for tags in ((), DRAFTS.tags)]
    contents = Contents(
        decided, [Undecided(tuple((Stored(each, volume, each.created),) for each in possible))]
    )
    bucket = BucketState(Versioning.OFF)
    before, after = (Batch(RuleSet(rules), bucket) for rules in ((), (rule,)))
    midnights = starts(datetime(2026, 3, 31, 12, tzinfo=UTC), 1)
    return change([Changed(before, after, contents)], midnights, SHIPPED)


def item(key: str, size: int, **more: Any) -> StoredItem:
    return StoredItem(key, datetime(2026, 1, 1, tzinfo=UTC), size, **more)
