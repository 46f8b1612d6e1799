"""What newer rules did that the older ones would not have done, as the naive ledger plays both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from firnline.inventory.forecast.groups import groups
from firnline.inventory.savings.entry import Change
from firnline.inventory.savings.gone import NotBack, batches, gone, runs
from tests.inventory.forecast.firnline_words import VERSIONING, items_of, rules_of
from tests.inventory.forecast.ledger.law import DAY, midnight_from
from tests.inventory.forecast.ledger.stored import Key, Version, World
from tests.inventory.savings.test_what_the_ledger_does import DAYS, WORLDS, after

Sums = Mapping[NotBack, tuple[int, int]]


def change_of(world: World, other: World) -> Change:
    """From the rules of one world to those of the other, in the bucket of the first."""
    versioning = VERSIONING[world.versioning]
    sides = rules_of(world), rules_of(other)
    return Change("lab", "012345670123", "us-east-1", versioning, world.as_of, *sides)


def found(world: World, other: World, days: int) -> Sums:
    change = change_of(world, other)
    items = [item for key in world.keys for item in items_of(key)]
    now = midnight_from(world.as_of) + days * DAY + timedelta(hours=1)
    assert runs(change, now).count == days + 1
    sums: dict[NotBack, tuple[int, int]] = defaultdict(lambda: (0, 0))
    told = gone(change, groups(batches(change), items, world.as_of), now)
    for each, volume in told.items():
        objects, size = sums[each.loss]
        sums[each.loss] = objects + volume.objects, size + volume.bytes
    return dict(sums)


def expected(world: World, other: World, days: int) -> Sums:
    sums: dict[NotBack, tuple[int, int]] = defaultdict(lambda: (0, 0))
    then = replace(world, rules=other.rules, minimum_size=other.minimum_size)
    sides = [{key.name: key for key in after(each, days).keys} for each in (world, then)]
    for key in world.keys:
        was, now = (side.get(key.name, Key(key.name, ())) for side in sides)
        for version in key.versions:
            if not version.marker and (loss := _loss(version, was, now)):
                objects, size = sums[loss]
                sums[loss] = objects + 1, size + version.size
    return dict(sums)


def _loss(version: Version, was: Key, now: Key) -> NotBack | None:
    old, new = _found(version, was), _found(version, now)
    if old is None:
        return None
    if new is None:
        return NotBack.DELETED
    if old is was.versions[-1] and new is not now.versions[-1]:
        return NotBack.HIDDEN
    is_moved = new.storage_class not in (version.storage_class, old.storage_class)
    return NotBack.MOVED if is_moved else None


def _found(version: Version, key: Key) -> Version | None:
    alike = (each for each in key.versions if each.created == version.created and not each.marker)
    return next(alike, None)


@settings(max_examples=12, deadline=None)
@given(WORLDS, WORLDS, DAYS)
def test_what_the_older_rules_would_have_kept_is_told(
    world: World, other: World, days: int
) -> None:
    assert found(world, other, days) == expected(world, other, days)


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(WORLDS, WORLDS, DAYS)
def test_so_it_is_in_hundreds_of_worlds(world: World, other: World, days: int) -> None:
    assert found(world, other, days) == expected(world, other, days)
