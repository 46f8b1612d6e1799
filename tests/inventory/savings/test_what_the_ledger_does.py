"""Where S3 does what the rules say, as the naive ledger plays it, no rule is accused and no gap is
left; where it does nothing at all, all of the gap is what is not done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.forecast.groups import Group, groups
from firnline.inventory.savings.entry import Change
from firnline.inventory.savings.gap import Gap, gaps
from firnline.inventory.savings.realised import Look, Shown, day_of, played, shown
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState
from tests.inventory.forecast.firnline_words import VERSIONING, batch_of, items_of, rules_of
from tests.inventory.forecast.ledger.law import DAY, midnight_from, track
from tests.inventory.forecast.ledger.stored import Key, World
from tests.inventory.forecast.ledger.walk import at_midnight
from tests.inventory.forecast.random_worlds import worlds

# The ledger alone takes objects for unread, which after 90 days do not move from one to the other.
WORLDS = st.sampled_from(("INTELLIGENT_TIERING", "ONEZONE_IA")).flatmap(worlds)
DAYS = st.sampled_from((0, 1, 2, 3, 8, 30, 31, 61, 100, 190))
NONE = RuleSet(())


def after(world: World, days: int) -> World:
    """What the ledger leaves, an hour after the last midnight."""
    begin = midnight_from(world.as_of)
    keys = []
    for key in world.keys:
        stack = [track(key.name, version, world) for version in key.versions]
        for number in range(days + 1):
            stack, _ = at_midnight(begin + number * DAY, number, key, stack, world)
        left = (replace(each.version, storage_class=each.storage_class) for each in stack)
        keys.append(Key(key.name, tuple(left)))
    as_of = begin + days * DAY + timedelta(hours=1)
    return replace(world, as_of=as_of, keys=tuple(key for key in keys if key.versions))


def look(before: World, later: World) -> Look:
    change = Change(
        "lab",
        "012345670123",
        "us-east-1",
        VERSIONING[before.versioning],
        before.as_of,
        NONE,
        rules_of(before),
    )
    none, batch = Batch(NONE, BucketState(change.versioning)), batch_of(before)

    def found(world: World, at: World) -> list[Group]:
        items = [item for key in world.keys for item in items_of(key)]
        return groups((none, batch), items, at.as_of)

    every, old = found(later, later), found(later, before)
    seen: Shown = shown(change, batch, later.as_of, "manifest.json", every, old)
    day = day_of(later.as_of)
    return Look(seen, played(change, (none, batch), found(before, before), day))


def causes(found: list[Gap]) -> list[tuple[int | None, ...]]:
    return [(gap.whole, gap.created, gap.lagging, gap.overdue, gap.otherwise) for gap in found]


def check_done(world: World, days: int) -> None:
    found = look(world, after(world, days))
    assert (found.shown.overdue, found.shown.lagging) == ((), ())
    assert set(causes(list(gaps(found)))) <= {(0, 0, 0, 0, 0)}


def check_undone(world: World, days: int) -> None:
    plain = unversioned(world)
    as_of = midnight_from(world.as_of) + days * DAY + timedelta(hours=1)
    for gap in gaps(look(plain, replace(plain, as_of=as_of))):
        assert gap.whole == gap.lagging + gap.overdue
        assert (gap.created, gap.otherwise) == (0, 0)


def unversioned(world: World) -> World:
    """Its newest versions alone, in STANDARD: of others it is told later than it could be that
    something is overdue, since an inventory does not tell when they came to be as they are.
    """
    keys = []
    for key in world.keys:
        newest = key.versions[-1]
        if not newest.marker:
            plain = replace(newest, storage_class="STANDARD", in_class_since=None, null=False)
            keys.append(Key(key.name, (plain,)))
    return replace(world, keys=tuple(keys), versioning="")


@settings(max_examples=40, deadline=None)
@given(WORLDS, DAYS)
def test_what_is_done_as_forecast_leaves_no_gap(world: World, days: int) -> None:
    check_done(world, days)


@settings(max_examples=40, deadline=None)
@given(WORLDS, DAYS)
def test_where_nothing_is_done_it_is_all_overdue(world: World, days: int) -> None:
    check_undone(world, days)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(WORLDS, DAYS)
def test_so_it_is_in_thousands_of_worlds(world: World, days: int) -> None:
    check_done(world, days)
    check_undone(world, days)
