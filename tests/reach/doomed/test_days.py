"""What an inventory lists is lost on the days that are named, object by object as S3 does it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from firnline.pipeline import compile_files
from firnline.reach.doomed.days import Days, StoredObject
from firnline.reach.doomed.doomed import Covering, Met, entries_of
from firnline.reach.doomed.holders import Holders
from firnline.reach.location import Location, LocationKind
from firnline.reach.references import Reference, Strength
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.threats import Loss
from firnline.s3.model import RuleSet
from firnline.s3.scope import Tags
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Versioning
from tests.policies import whole
from tests.reach.doomed import losing
from tests.reach.doomed.test_change import covering, versionings
from tests.reach.doomed.test_threats import KEYS, SIZES, TAGS, locations, program_of
from tests.rules.strategies import crossing_policies, policies

NOW = datetime(2026, 1, 20, 7, 30, tzinfo=UTC)
Losses = dict[tuple[Location, Loss], tuple[date, int]]


def items_of(
    keys: Sequence[str], sizes: Sequence[int], tags: Sequence[Tags]
) -> st.SearchStrategy[StoredItem]:
    return st.builds(
        StoredItem,
        st.sampled_from(keys),
        st.integers(0, 20 * 24).map(lambda hours: NOW - timedelta(hours=hours)),
        st.sampled_from(sizes),
        st.sampled_from(["STANDARD", "STANDARD", "STANDARD_IA", "GLACIER", "DEEP_ARCHIVE"]),
        st.sampled_from(tags),
    )


items = items_of(KEYS, SIZES, TAGS)
of_the_bucket = losing.locations.map(lambda each: replace(each, bucket="lab-data"))


def simulated(
    rules: RuleSet,
    versioning: Versioning | None,
    under: Iterable[Location],
    stored: list[StoredItem],
) -> Losses:
    """The naive answer: S3's whole course of each object, for each reference."""
    assert versioning is not None
    days: dict[tuple[Location, Loss], list[date]] = defaultdict(list)
    for location in under:
        for item in stored:
            if location.covers(item.key):
                for loss, day in lost(rules, BucketState(versioning), item).items():
                    days[location, loss].append(day)
    return {key: (min(each), len(each)) for key, each in days.items()}


def lost(rules: RuleSet, state: BucketState, item: StoredItem) -> dict[Loss, date]:
    found: dict[Loss, date] = {}
    was_archived = item.storage_class in ("GLACIER", "DEEP_ARCHIVE")
    for each in history(rules, state, item):
        if each.item is None or not each.item.current:
            found[Loss.DELETED] = each.at.date()
            break
        if each.item.storage_class in ("GLACIER", "DEEP_ARCHIVE") and not was_archived:
            found.setdefault(Loss.ARCHIVED, each.at.date())
    return found


def named(covering: Covering, under: Iterable[Location], stored: list[StoredItem]) -> Losses:
    met = Met(covering, names_all=True)
    for number, location in enumerate(under):
        met.see("mlflow", Reference(location, Strength.PIN, (f"model {number}",)))
    days = Days(met.doomed)
    begins = days.starts("lab-data")
    for each in stored:
        if each.key.startswith(begins):
            known = StoredObject(each.key, each.created, each.size, each.tags, each.storage_class)
            days.see("lab-data", known)
    found: Losses = {}
    for doomed in days.dated({"lab-data": NOW}, NOW.date()):
        order = [needed.lost.day if needed.lost else date.max for needed in doomed.named]
        assert order == sorted(order)
        for needed in doomed.named:
            if needed.lost is not None:
                assert needed.lost.is_due == (needed.lost.day <= NOW.date())
                key = needed.location, doomed.threat.loss
                day, count = found.get(key, (date.max, 0))
                found[key] = min(day, needed.lost.day), count + needed.lost.objects
    return found


@settings(max_examples=60, deadline=None)
@given(
    policies() | crossing_policies(),
    st.lists(locations, min_size=1, max_size=3, unique=True),
    st.lists(items, min_size=8, max_size=16, unique_by=lambda each: each.key),
)
def test_each_reference_loses_what_is_stored_on_the_day_on_which_s3_would_take_it(
    policy: dict[str, Any], under: list[Location], stored: list[StoredItem]
) -> None:
    bucket = program_of(policy)
    expected = simulated(bucket.rules, bucket.bucket.versioning, under, stored)
    event(f"loses something: {bool(expected)}")
    assert named(Covering(entries_of([bucket])), under, stored) == expected


@settings(max_examples=60, deadline=None)
@given(
    losing.rule_sets(),
    versionings,
    st.lists(of_the_bucket, min_size=2, max_size=3, unique=True),
    st.lists(items_of(losing.KEYS, losing.SIZES, losing.TAGS), min_size=8, max_size=16),
)
def test_rules_that_nobody_wrote_as_a_policy_take_it_on_that_day_too(
    rules: RuleSet, versioning: Versioning, under: list[Location], stored: list[StoredItem]
) -> None:
    expected = simulated(rules, versioning, under, stored)
    event(f"loses something: {bool(expected)}")
    assert named(covering(versioning, ("lab-data", rules)), under, stored) == expected


@given(st.lists(locations, max_size=8), st.sampled_from(KEYS))
def test_the_holders_of_a_key_are_those_whose_location_covers_it(
    under: list[Location], key: str
) -> None:
    holders: Holders[int] = Holders()
    for number, location in enumerate(under):
        holders.add(location, number)
    expected = [number for number, each in enumerate(under) if each.covers(key)]
    assert sorted(holders.of(key)) == expected


@pytest.mark.parametrize("key", ["/", "/a", "a//", "a//b", "a/", "a", "ab", "a/b/c", "é/ü"])
@pytest.mark.parametrize("kind", LocationKind)
def test_a_key_with_empty_segments_has_the_holders_of_its_definition(
    key: str, kind: LocationKind
) -> None:
    for of in ("", "/", "a", "a/", "a//", "/a", "é"):
        location, holders = Location("lab", kind, of), Holders[str]()
        holders.add(location, of)
        assert list(holders.of(key)) == [of] * location.covers(key), (of, key)


def compiled(policy: str) -> BucketRules:
    compilation = compile_files({"p.yaml": whole(policy).encode()})
    assert not compilation.failed
    (bucket,) = compilation.buckets
    return bucket


def test_an_object_whose_size_or_tags_are_not_known_may_match_any_filter() -> None:
    bucket = compiled(
        "retain: {t: {prefix: models/, tags: {class: tmp}, size: {over: 1MiB}, delete_after: 9d}}"
    )
    met = Met(Covering(entries_of([bucket])), names_all=True)
    met.see("m", Reference(Location("lab-data", LocationKind.DIR, "models/a"), Strength.PIN, ()))
    tags: Tags = (("class", "tmp"),)
    days = Days(met.doomed)
    may: tuple[tuple[int | None, Tags | None], ...]
    may = ((None, None), (2**21, None), (None, tags), (2**21, tags))
    for size, told in may:
        days.see("lab-data", StoredObject("models/a/x", NOW, size, told, None))
    others: tuple[tuple[int, Tags | None], ...] = ((1, None), (2**21, ()), (1, tags))
    for size, told in others:
        days.see("lab-data", StoredObject("models/a/x", NOW, size, told, None))
    (doomed,) = days.dated({"lab-data": NOW}, NOW.date())
    found = doomed.named[0].lost
    assert found is not None
    assert (found.day, found.objects) == (date(2026, 1, 30), 4)


def test_all_readings_of_a_text_are_one_reference_that_loses_what_is_under_any() -> None:
    bucket = compiled("retain: {models: {prefix: models/, delete_after: 9d}}")
    met = Met(Covering(entries_of([bucket])), names_all=True)
    for key in ("models/a b", "models/a%20b"):
        location = Location("lab-data", LocationKind.DIR, key)
        met.see("mlflow", Reference(location, Strength.PIN, ("model a v1",)))
    days = Days(met.doomed)
    days.see("lab-data", StoredObject("models/a%20b/x", NOW, 1, (), "STANDARD"))
    (doomed,) = days.dated({"lab-data": NOW}, NOW.date())
    assert [each.lost and each.lost.objects for each in doomed.named] == [1]
