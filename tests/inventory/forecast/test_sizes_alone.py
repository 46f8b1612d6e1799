"""Whatever the objects are of which only sizes are known, what comes is within the bounds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.change import Change, Changed, change
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.sizes_alone import (
    OfPlace,
    SizesAlone,
    TooManyTags,
    may_arrive,
    may_be,
)
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.storage_metrics import OVERHEAD, PADDING, Place
from firnline.s3.billing import MINIMUM_SIZE
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState
from tests.inventory.forecast.firnline_words import VERSIONING, batch_of, prices_of, rules_of
from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.ledger import keep_ledger
from tests.inventory.forecast.ledger.stored import Rule, World
from tests.inventory.forecast.outside import outside
from tests.inventory.forecast.random_worlds import rules, worlds
from tests.inventory.forecast.test_forecast_agrees import (
    OF_BOTH,
    replaced_when_it_would_move,
)

TIERED = "INTELLIGENT_TIERING"


@st.composite
def changed(draw: st.DrawFn) -> tuple[World, World]:
    without = draw(st.sampled_from(OF_BOTH))
    world = _without_what_no_size_tells(draw(worlds(without)))
    after = draw(st.lists(rules(without), max_size=3))
    return world, replace(world, rules=tuple(after))


def _without_what_no_size_tells(world: World) -> World:
    """Locks, and what waits for its replication: nothing else is taken to be so, either."""
    keys = tuple(
        replace(
            key,
            versions=tuple(
                replace(
                    version,
                    locked_until=None,
                    awaits_replication=False,
                    storage_class=_untiered(version.storage_class),
                )
                for version in key.versions
            ),
        )
        for key in world.keys
    )
    return replace(world, keys=keys)


def _untiered(storage_class: str) -> str:
    """Of those there are sizes by tier, of which the ledger knows nothing."""
    return "STANDARD" if storage_class == TIERED else storage_class


def sizes_of(world: World) -> SizesAlone:
    """As CloudWatch counts them."""
    places: dict[Place, OfPlace] = defaultdict(lambda: OfPlace(0))
    others = 0
    for key in world.keys:
        for version in key.versions:
            place = Place(version.storage_class)
            if version.marker:
                others += key.times
                continue
            small = max(MINIMUM_SIZE.value - version.size, 0) if place in PADDING.values() else 0
            archived = place in OVERHEAD.values()
            others += 0 if archived else key.times
            there = places[place]
            places[place] = OfPlace(
                there.bytes + key.times * version.size,
                there.padding + key.times * small,
                there.objects + (key.times if archived else 0),
            )
    for upload in world.uploads:
        there = places[Place("STANDARD")]
        places[Place("STANDARD")] = there._replace(bytes=there.bytes + upload.times * upload.size)
        others += upload.times
    ages = [(age, _in_standard_since(world, age)) for age in (7, 30, 90, 365)]
    return SizesAlone(dict(places), others, tuple(ages))


def _in_standard_since(world: World, age: int) -> int:
    """The bytes that are so many days old, or older."""
    until = world.as_of - timedelta(days=age)
    of_keys = sum(
        key.times * version.size
        for key in world.keys
        for version in key.versions
        if version.created <= until
        and (version.storage_class, version.marker) == ("STANDARD", False)
    )
    return of_keys + sum(
        upload.times * upload.size for upload in world.uploads if upload.initiated <= until
    )


def compare(before: World, after: World, months: int) -> None:
    assume(not any(replaced_when_it_would_move(each, months) for each in (before, after)))
    found = bounds_of(sizes_of(before), before, after, months)
    ledgers = [keep_ledger(each, US_EAST_1, months) for each in (before, after)]
    assert outside(found, *ledgers) == []


def bounds_of(sizes: SizesAlone, before: World, after: World, months: int) -> Change:
    rule_sets = rules_of(before), rules_of(after)
    contents = may_be(
        sizes, rule_sets, BucketState(VERSIONING[before.versioning]), before.as_of, months
    )
    bucket = Changed(batch_of(before), batch_of(after), contents)
    return change([bucket], starts(before.as_of, months), prices_of(US_EAST_1))


@pytest.mark.slow
@settings(max_examples=10)
@given(changed(), st.sampled_from((1, 2, 4)))
def test_what_comes_is_within_the_bounds(worlds: tuple[World, World], months: int) -> None:
    compare(*worlds, months)


AS_OF = datetime(2026, 3, 31, 12, tzinfo=UTC)
GIB = 2**30
DELETES = {"Filter": {"Prefix": "tmp/"}, "Status": "Enabled", "Expiration": {"Days": 30}}
MOVES = {
    "Filter": {"Prefix": ""},
    "Status": "Enabled",
    "Transitions": [{"Days": 60, "StorageClass": "GLACIER_IR"}],
}


def forecast(sizes: SizesAlone, *rules: Rule, versioning: str = "") -> Change:
    before = World(AS_OF, versioning=versioning)
    return bounds_of(sizes, before, replace(before, rules=rules), 3)


def in_standard(size: int, objects: int = 4, *older: tuple[int, int]) -> SizesAlone:
    return SizesAlone({Place("STANDARD"): OfPlace(size)}, objects, older)


def test_without_rules_the_cost_is_known_and_what_the_class_is() -> None:
    found = forecast(in_standard(GIB), DELETES)
    assert {each.storage for each in found.before.costs} == {Between.exactly(Fraction("0.023"))}
    assert found.before.by_class[0]["STANDARD"].bytes == Between.exactly(GIB)


def test_any_part_may_lie_below_any_prefix() -> None:
    found = forecast(in_standard(GIB), DELETES)
    assert found.after.stored[0].bytes == Between(0, GIB)
    assert found.after.first_run.happens[Happens.DELETED].objects == Between(0, 4)
    everywhere = {**DELETES, "Filter": {"Prefix": ""}}
    # In a month whatever is there now is gone, but for parts of uploads.
    assert forecast(in_standard(GIB), everywhere).after.stored[1].objects == Between(0, 4)


def test_what_is_known_to_be_young_does_not_move_yet() -> None:
    """Of 10 GiB at most 1 GiB is older than 30 days: so no more moves at 60 days in a month."""
    unknown = forecast(in_standard(10 * GIB), MOVES)
    assert unknown.after.by_class[0]["GLACIER_IR"].bytes == Between(0, 10 * GIB)
    known = forecast(in_standard(10 * GIB, 4, (7, 5 * GIB), (30, GIB)), MOVES)
    moved = known.after.first_run.transitions["GLACIER_IR"].bytes
    assert moved == Between(0, GIB)
    assert known.after.by_class[2]["GLACIER_IR"].bytes == Between(0, 10 * GIB)


def test_what_was_young_some_days_ago_is_older_by_as_much() -> None:
    sizes = in_standard(10 * GIB, 4, (7, GIB), (50, GIB))
    moved = [
        forecast(each, MOVES).after.first_run.transitions["GLACIER_IR"].bytes
        for each in (sizes, sizes.later(55))
    ]
    assert moved == [Between(0, GIB), Between(0, 10 * GIB)]


def test_bytes_in_few_objects_are_not_in_small_ones() -> None:
    """Small objects do not move by default; four of them have no gigabyte."""
    moved = forecast(in_standard(GIB), MOVES).after.by_class[2]["GLACIER_IR"].bytes
    assert moved.at_most == GIB
    sized = {**MOVES, "Filter": {"ObjectSizeLessThan": 131_072}}
    moved = forecast(in_standard(GIB), sized).after.by_class[2]["GLACIER_IR"].bytes
    assert moved == Between(0, 4 * 131_072)


def test_what_is_deleted_may_have_been_in_its_class_for_long_or_since_today() -> None:
    archived = SizesAlone({Place("DEEP_ARCHIVE"): OfPlace(GIB, 0, 4)}, 0)
    everywhere = {**DELETES, "Filter": {"Prefix": ""}}
    paid = forecast(archived, everywhere).after.costs[0].early_deletion
    # 180 days are paid for at least.
    assert paid == Between(Fraction(), 6 * Fraction("0.00099"))


def test_old_versions_may_be_there_only_where_versions_are_kept() -> None:
    old = {
        "Filter": {"Prefix": ""},
        "Status": "Enabled",
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
    }
    assert forecast(in_standard(GIB), old).after.stored[0].bytes == Between.exactly(GIB)
    kept = forecast(in_standard(GIB), old, versioning="Enabled").after
    assert kept.stored[0].bytes == Between(0, GIB)


def test_too_many_sets_of_tags_are_refused() -> None:
    tagged = [
        {**DELETES, "Filter": {"And": {"Prefix": "", "Tags": [{"Key": f"k{n}", "Value": "v"}]}}}
        for n in range(7)
    ]
    with pytest.raises(TooManyTags):
        forecast(in_standard(GIB), *tagged)


def test_what_arrives_may_lie_below_any_prefix() -> None:
    world = World(AS_OF, rules=(DELETES,))
    begins = starts(AS_OF, 2)
    rule_sets = rules_of(replace(world, rules=())), rules_of(world)
    state = BucketState(VERSIONING[""])
    arriving = may_arrive(GIB, rule_sets, state, begins[0])
    before, after = (Batch(each, state) for each in rule_sets)
    bucket = Changed(before, after, Contents(()), arriving)
    found = change([bucket], begins, prices_of(US_EAST_1))
    days = (begins[2] - begins[0]).days
    assert found.before.stored[1].bytes == Between.exactly(days * GIB)
    # What was written on one of the last thirty days is there in any case.
    assert found.after.stored[1].bytes == Between(30 * GIB, days * GIB)
