"""What an undo does not bring back, in words, with an inventory and without one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from firnline.inventory.forecast.groups import groups
from firnline.inventory.savings.entry import Change
from firnline.inventory.savings.gone import Listed, batches
from firnline.s3.model import Filter, NoncurrentExpiration, Rule, RuleSet, Transition
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Days, StorageClass, Versioning
from firnline.targets.gone_text import already_gone

AT = datetime(2026, 11, 28, 10, tzinfo=UTC)
LATER = AT + timedelta(days=3)
MONTH = RuleSet((Rule("tmp", Filter("tmp/"), expires=Days(30)),))
WEEK = RuleSet((replace(MONTH.rules[0], expires=Days(7)),))
CHANGE = Change("lab", "012345670123", "us-east-1", Versioning.OFF, AT, MONTH, WEEK)


def test_without_an_inventory_it_is_told_by_age() -> None:
    assert already_gone(CHANGE, LATER) == (
        "S3 has run 3 times since, from 2026-11-29 to 2026-12-01:",
        "objects in tmp/, 7d old or older: deleted for good",
    )


def test_on_versioned_buckets_there_are_delete_markers_before_the_old_versions_go() -> None:
    rule = WEEK.rules[0]
    both = RuleSet((replace(rule, noncurrent_expires=NoncurrentExpiration(Days(2))),))
    versioned = replace(CHANGE, versioning=Versioning.ENABLED, after=both)
    assert already_gone(versioned, LATER)[1:] == (
        "objects in tmp/, 7d old or older: hidden by delete markers, and still there as"
        " noncurrent versions for 2 days from then on",
        "noncurrent versions in tmp/, noncurrent for 2d or longer: deleted for good",
    )


def test_what_was_moved_stays_where_it_is() -> None:
    moved = replace(MONTH.rules[0], transitions=(Transition(Days(3), StorageClass("GLACIER")),))
    change = replace(CHANGE, after=RuleSet((moved,)))
    assert already_gone(change, LATER)[1:] == (
        "objects in tmp/, 128KiB or larger, 3d old or older: moved into GLACIER, and no rule moves"
        " them back",
    )


def test_nothing_is_gone_before_s3_has_run_or_where_the_newer_rules_keep_more() -> None:
    assert already_gone(CHANGE, AT + timedelta(hours=5)) == (
        "S3 has not run since the change at 2026-11-28 10:00Z: nothing is gone",
    )
    longer = replace(CHANGE, before=WEEK, after=MONTH)
    assert already_gone(longer, LATER)[1:] == (
        "nothing is gone that the earlier rules would have kept",
    )


def test_an_inventory_tells_how_many_objects_and_bytes() -> None:
    ages = (5, 10, 40)
    items = [StoredItem(f"tmp/{age}", AT - timedelta(days=age), 1 << 20) for age in ages]
    listed = Listed(AT - timedelta(hours=9), tuple(groups(batches(CHANGE), items, AT)))
    assert already_gone(CHANGE, LATER, listed) == (
        "S3 has run 3 times since, from 2026-11-29 to 2026-12-01; of what was listed on"
        " 2026-11-28:",
        "2 objects (2MiB): deleted for good, by `tmp`",
    )
    assert already_gone(replace(CHANGE, before=WEEK), LATER, listed)[1:] == (
        "nothing is gone that the earlier rules would have kept",
    )
