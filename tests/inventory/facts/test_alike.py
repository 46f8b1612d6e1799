"""What the table engine groups is forecast as the objects themselves are, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from firnline.inventory.facts.alike import groups_in
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.forecast.cuts import cuts
from firnline.inventory.forecast.groups import Group, groups
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.outlook import Outlook, StoredUnder, outlook
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState
from firnline.s3.terms import Days
from tests.inventory.facts.written import CURRENT, VERSIONS, Row, write
from tests.inventory.forecast.firnline_words import batch_of, items_of, prices_of, rules_of
from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.ledger import keep_ledger
from tests.inventory.forecast.ledger.stored import Key, Version, World
from tests.inventory.forecast.random_worlds import worlds
from tests.inventory.forecast.test_forecast_agrees import (
    WORLDS,
    outlook_of,
    replaced_when_it_would_move,
    with_time_in_class,
)
from tests.inventory.rows_of_worlds import rows_of

FIELDS = (
    "ObjectTags",
    "Size",
    "LastModifiedDate",
    "StorageClass",
    "ReplicationStatus",
    "ObjectLockRetainUntilDate",
)
NO_RULES = RuleSet(())
CALM = settings(max_examples=40, deadline=None)


@CALM
@given(worlds(), worlds(), st.sampled_from(["CSV", "Parquet"]))
def test_groups_of_an_inventory_are_forecast_as_its_objects_are(
    world: World, other: World, form: str
) -> None:
    _agree(world, other, FIELDS, form)


@CALM
@given(worlds(), worlds(), st.booleans())
def test_versions_that_rules_only_count_are_forecast_as_whole_keys_are(
    world: World, other: World, has_locks: bool
) -> None:
    world, other = _only_counted(world, has_locks), _only_counted(other, has_locks)
    both = cuts((rules_of(world), rules_of(other)), is_suspended=False)
    assert both.only_by_count or not both.versions_act
    _agree(world, other, FIELDS if has_locks else FIELDS[:-1], "Parquet")


def _only_counted(world: World, has_locks: bool) -> World:
    """Without what lets a newer version end before an older one, but for locks."""
    rules = []
    for rule in world.rules:
        found = rule["Filter"]
        prefix = found.get("Prefix", found.get("And", {}).get("Prefix", ""))
        sized = {each: found["And"][each] for each in SIZED if each in found.get("And", {})}
        if "NoncurrentVersionExpiration" in rule or not sized:
            rules.append({**rule, "Filter": {"Prefix": prefix}})
        else:
            rules.append({**rule, "Filter": {"And": {"Prefix": prefix, **sized}}})
    if has_locks:
        return replace(world, versioning="Enabled", rules=tuple(rules))
    keys = [
        replace(key, versions=tuple(replace(each, locked_until=None) for each in key.versions))
        for key in world.keys
    ]
    return replace(world, versioning="Enabled", rules=tuple(rules), keys=tuple(keys))


SIZED = ("ObjectSizeGreaterThan", "ObjectSizeLessThan")
AT = datetime(2026, 11, 28, 1, tzinfo=UTC)


def _days_ago(*ages: int, **of_oldest: Any) -> tuple[Version, ...]:
    versions = [Version(AT - timedelta(days=age), 1 << 30) for age in ages]
    return (replace(versions[0], **of_oldest), *versions[1:])


def _expires(days: int, newest: int = 0) -> dict[str, Any]:
    kept = {"NewerNoncurrentVersions": newest} if newest else {}
    return {"NoncurrentVersionExpiration": {"NoncurrentDays": days, **kept}}


ALL = {"Filter": {"Prefix": ""}, "Status": "Enabled"}


@pytest.mark.parametrize(
    ("versions", "rule"),
    [
        # The newest noncurrent version goes when the current one has become noncurrent.
        (_days_ago(90, 60, 10), {"Expiration": {"Days": 30}, **_expires(5, 1)}),
        # Which is a day later where it is moved on the day on which it would expire.
        (
            _days_ago(90, 60, 10),
            {
                "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
                "Expiration": {"Days": 30},
                **_expires(5, 1),
            },
        ),
        # What is locked stays where it is, once there is no newer noncurrent version.
        (
            _days_ago(90, 7, 3, locked_until=AT + timedelta(days=100)),
            {
                "NoncurrentVersionTransitions": [
                    {"NoncurrentDays": 30, "StorageClass": "GLACIER", "NewerNoncurrentVersions": 1}
                ],
                **_expires(10),
            },
        ),
    ],
    ids=["the current one expires", "it is moved before it expires", "one is locked"],
)
def test_versions_that_count_for_each_other_are_forecast_as_whole_keys_are(
    versions: tuple[Version, ...], rule: dict[str, Any]
) -> None:
    world = World(AT, (Key("k", versions),), (), ({**ALL, **rule},), "Enabled")
    _agree(world, replace(world, rules=()), FIELDS, "Parquet")


def _agree(world: World, other: World, fields: tuple[str, ...], form: str) -> None:
    """Of the objects of one, under its rules and under those of the other."""
    rule_sets = (rules_of(world), rules_of(replace(world, rules=other.rules)))
    batches = [Batch(each, batch_of(world).bucket) for each in rule_sets]
    items = [item for key in world.keys for item in items_of(key)]
    one_by_one = groups(batches, items, world.as_of)
    with TemporaryDirectory() as folder:
        manifest = write(Path(folder), list(rows_of(world)), (*VERSIONS, *fields), form)
        with open_inventory([OnDisk(manifest)]) as facts:
            found = cuts(rule_sets, world.versioning == "Suspended")
            counted = list(groups_in(facts, found, batches[0], world.as_of))
    for batch in batches:
        assert _told(batch, counted, world) == _told(batch, one_by_one, world)


@CALM
@given(WORLDS)
def test_an_inventory_with_tags_is_forecast_as_the_ledger_says(world: World) -> None:
    assume(not replaced_when_it_would_move(world, 3))
    batch = batch_of(world)
    keys = [with_time_in_class(batch, replace(key, times=1), world.as_of) for key in world.keys]
    bare = replace(world, keys=tuple(keys), uploads=())
    with TemporaryDirectory() as folder:
        manifest = write(Path(folder), list(rows_of(bare)), (*VERSIONS, *FIELDS))
        with open_inventory([OnDisk(manifest)]) as facts:
            found = cuts([rules_of(world)], world.versioning == "Suspended")
            counted = list(groups_in(facts, found, batch, world.as_of))
    assert outlook_of(batch, counted, bare, US_EAST_1, 3) == keep_ledger(bare, US_EAST_1, 3)


MADE = datetime(2026, 1, 1, 12, tzinfo=UTC)
BY_TAGS = (
    Rule("team", Filter(tags=(("it's", "a&b=c"),)), expires=Days(30)),
    Rule("both", Filter(tags=(("it's", "a&b=c"), ("Stage", ""))), expires=Days(60)),
    Rule("off", Filter(tags=(("number", "7"),)), enabled=False, expires=Days(60)),
)


def _tagged(number: int, tags: dict[str, str]) -> Row:
    told = {"ObjectTags": urlencode(tags), "Size": 10, "StorageClass": "STANDARD"}
    return {"Key": f"k{number}", "LastModifiedDate": MADE, **told}


def test_objects_are_told_apart_by_the_tags_that_rules_filter_by_and_no_others(
    tmp_path: Path,
) -> None:
    sets = [{}, {"it's": "a&b=c"}, {"it's": "a&b=c", "Stage": ""}, {"stage": "", "It's": "a&b=c"}]
    rows = [
        _tagged(4 * number + place, {**tags, "number": str(number)})
        for number in range(50)
        for place, tags in enumerate(sets)
    ]
    manifest = write(tmp_path, rows, (*CURRENT, *FIELDS))
    found = cuts([RuleSet(BY_TAGS)], is_suspended=False)
    with open_inventory([OnDisk(manifest)]) as facts:
        live = Batch(NO_RULES, BucketState())
        counted = list(groups_in(facts, found, live, MADE + timedelta(days=90)))
    assert sorted((stored.example.tags, stored.volume.objects) for (stored,) in counted) == [
        ((), 100),
        ((("Stage", ""), ("it's", "a&b=c")), 50),
        ((("it's", "a&b=c"),), 50),
    ]


OLD = Rule("old", Filter(), expires=Days(30))
DATED = Rule("dated", Filter(), expires=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("rules", "storage_class", "days", "groups_expected"),
    [
        # From the first midnight's day on back to 30 days before it.
        ([OLD], "STANDARD", 0, 31),
        # Who leaves this class within 180 days is charged for those that are missing.
        ([OLD], "DEEP_ARCHIVE", 0, 31 + 180),
        ([OLD], "STANDARD", 60, 61),
        ([OLD, DATED], "STANDARD", 0, 400),
    ],
    ids=["by age", "a time in a class counts", "for growth", "by date"],
)
def test_what_is_older_than_makes_a_difference_is_one_group(
    rules: list[Rule], storage_class: str, days: int, groups_expected: int, tmp_path: Path
) -> None:
    rows = [
        {
            "Key": f"{number}",
            "Size": 10,
            "LastModifiedDate": AT - timedelta(days=number),
            "StorageClass": storage_class,
        }
        for number in range(400)
    ]
    manifest = write(tmp_path, rows, (*CURRENT, *FIELDS))
    with open_inventory([OnDisk(manifest)]) as facts:
        found = cuts([RuleSet(tuple(rules))], is_suspended=False).with_days(days)
        counted = list(groups_in(facts, found, Batch(NO_RULES, BucketState()), AT))
    assert len(counted) == groups_expected
    assert sum(stored.volume.objects for (stored,) in counted) == len(rows)


def _told(batch: Batch, stored: Sequence[Group], world: World) -> Outlook:
    return outlook([StoredUnder(batch, stored)], starts(world.as_of, 14), prices_of(US_EAST_1))
