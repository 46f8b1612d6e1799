"""What a change does to each object that is stored, counted one by one and by the radius."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from firnline.cli.stored import Listed
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.groups import groups
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.possible_tags import Rules, with_possible_tags
from firnline.inventory.forecast.undecided import Contents, Unfollowed
from firnline.inventory.radius.radius import Radius, radius
from firnline.inventory.radius.reached import BucketFacts, TagApart
from firnline.inventory.radius.sooner import Done, Way, Window
from firnline.rules.diff.items import ReviewItem, compare
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.model import (
    Filter,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import Clock, Days, StorageClass, Versioning
from firnline.targets.formats.changes_json import to_json
from firnline.targets.review.model import Review
from tests.rules.diff import small_buckets
from tests.rules.diff.small_buckets import CARRIED, KEYS, SIZES, Kept
from tests.rules.diff.test_scopes import in_scope

KEY = "lab/*/lab-data"
AT = datetime(2026, 5, 10, 12, tzinfo=UTC)
BEGIN, *_, END = STARTS = starts(AT, 2)
Pair = tuple[RuleSet, RuleSet]
WORDS = {
    LifecycleAction.EXPIRE: "deleted",
    LifecycleAction.DELETE_VERSION: "deleted",
    LifecycleAction.DELETE_MARKER: "delete_markers",
    LifecycleAction.ABORT_UPLOAD: "aborted",
}


def named(done: Done) -> str:
    return done.value if isinstance(done, Happens) else done


class Counted(NamedTuple):
    """Of an item by its number, or None of all."""

    number: int | None
    window: Window
    way: Way
    done: str


@st.composite
def stored(draw: st.DrawFn, versioning: Versioning) -> StoredItem:
    """The only one of its key, or one whose other versions are nothing to it."""
    created = AT - timedelta(days=draw(st.integers(0, 4)), hours=draw(st.integers(0, 3)))
    kinds = [ItemKind.OBJECT_VERSION] * 5 + [ItemKind.MULTIPART_UPLOAD]
    kind = draw(st.sampled_from(kinds))
    is_object = kind is ItemKind.OBJECT_VERSION
    old = is_object and versioning is Versioning.ENABLED and draw(st.booleans())
    return StoredItem(
        f"{draw(st.sampled_from(KEYS))}{draw(st.integers(0, 10**9))}",
        created,
        size=draw(st.sampled_from(SIZES)) if is_object else 0,
        storage_class=draw(st.sampled_from(("STANDARD", "GLACIER"))) if is_object else "STANDARD",
        tags=draw(st.sampled_from(CARRIED)) if is_object else (),
        kind=kind,
        current=not old,
        noncurrent_since=created + timedelta(hours=1) if old else None,
        newer_noncurrent=draw(st.integers(0, 2)) if old else 0,
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Pair, Versioning, list[StoredItem]]:
    versioning = draw(st.sampled_from((Versioning.OFF, Versioning.ENABLED)))
    items = st.lists(stored(versioning), min_size=1, max_size=8, unique_by=lambda item: item.key)
    return draw(small_buckets.pairs()), versioning, draw(items)


def compared(pair: Pair, versioning: Versioning) -> tuple[ReviewItem, ...]:
    before, after = (BucketConfig(side, versioning) for side in pair)
    return compare({KEY: before}, {KEY: after}).items


def radius_of(
    pair: Pair, versioning: Versioning, items: Sequence[StoredItem], tags_known: bool = True
) -> Radius:
    state = BucketState(versioning)
    before, after = (Batch(each, state) for each in pair)
    contents = Contents(groups([before, after], items, AT, tags_known))
    contents = with_possible_tags(contents, Rules(*pair, state), AT, also_idle=True)
    facts = [BucketFacts(KEY, Changed(before, after, contents), frozenset(Clock))]
    return radius(compared(pair, versioning), facts, STARTS)


def as_counted(found: Radius) -> dict[Counted, tuple[int, int]]:
    """Without bounds."""
    return {
        Counted(number, what.window, what.way, named(what.done)): (
            volume.objects.at_least,
            volume.bytes.at_least,
        )
        for number, affected in ((None, found.total), *enumerate(found.items))
        if affected is not None
        for what, volume in affected.done.items()
    }


def one_by_one(
    pair: Pair, versioning: Versioning, items: Sequence[StoredItem]
) -> dict[Counted, tuple[int, int]]:
    """Each object played alone, and found in the scopes that `firnline diff --out json` tells."""
    told = told_items(pair, versioning)
    objects: Counter[Counted] = Counter()
    sizes: Counter[Counted] = Counter()
    for item in items:
        before, after = (dict(played(side, versioning, item)) for side in pair)
        for way, ours, theirs in ((Way.NEW, after, before), (Way.NO_LONGER, before, after)):
            for done, (due, clock) in ours.items():
                other = theirs.get(done)
                if other is not None and other[0] <= due:
                    continue
                windows = [Window.MONTHS, Window.FIRST_RUN] if due <= BEGIN else [Window.MONTHS]
                numbers = [None, *its_item(told, item, clock)]
                for number in numbers:
                    for window in windows:
                        row = Counted(number, window, way, done)
                        objects[row] += 1
                        sizes[row] += item.size
    return {row: (objects[row], sizes[row]) for row in objects}


def told_items(pair: Pair, versioning: Versioning) -> list[dict[str, Any]]:
    found = compare(*({KEY: BucketConfig(side, versioning)} for side in pair))
    items: list[dict[str, Any]] = json.loads(to_json(Review("one", "other", found)))["items"]
    return items


def played(
    rules: RuleSet, versioning: Versioning, item: StoredItem
) -> Iterator[tuple[str, tuple[datetime, str]]]:
    """What falls due when, and on which clock; nothing is due before the first midnight."""
    clock = "incomplete multipart uploads"
    if item.kind is ItemKind.OBJECT_VERSION:
        clock = Clock.OBJECTS.value if item.current else Clock.NONCURRENT_VERSIONS.value
    late = timedelta()
    last = END - timedelta(days=1)
    for each in history(rules, BucketState(versioning), item, BEGIN, last):
        assert each.action_due.due is not None
        due = max(BEGIN, each.action_due.due - late)
        action = each.action_due.action
        yield WORDS.get(action) or str(each.action_due.storage_class), (due, clock)
        if action is LifecycleAction.DELETE_MARKER:
            clock, late = Clock.NONCURRENT_VERSIONS.value, each.at - due


def its_item(told: list[dict[str, Any]], item: StoredItem, clock: str) -> list[int]:
    """On the clock of what is done, or else on that which made a noncurrent version of it."""
    kept = Kept(item.key, item.tags, item.size)
    for each in dict.fromkeys((clock, Clock.OBJECTS.value)):
        numbers = [
            number
            for number, one in enumerate(told)
            if one["clock"] == each and in_scope(one, kept)
        ]
        if numbers:
            return numbers
    raise AssertionError(f"nothing that is told explains {item}")


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_each_object_that_a_change_reaches_is_counted_for_the_item_that_says_so(
    world: tuple[Pair, Versioning, list[StoredItem]],
) -> None:
    pair, versioning, items = world
    expected = one_by_one(pair, versioning, items)
    event(f"{min(len(expected), 8)} rows")
    found = radius_of(pair, versioning, items)
    assert as_counted(found) == expected
    assert all(volume.objects.is_exact for volume in found.total.done.values())
    for number, affected in enumerate(found.items):
        assert affected is not None
        told = affected.deleted, affected.scope, found.total.scope
        assert found.on[number, KEY] == told  # there is one bucket


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_what_the_tags_are_that_nothing_tells_the_numbers_are_within_the_bounds(
    world: tuple[Pair, Versioning, list[StoredItem]],
) -> None:
    pair, versioning, items = world
    untagged = [replace(item, tags=()) for item in items]
    found = radius_of(pair, versioning, untagged, tags_known=False)
    expected = one_by_one(pair, versioning, items)
    are_within(found, expected)


def are_within(found: Radius, expected: dict[Counted, tuple[int, int]]) -> None:
    left = dict(expected)
    for number, affected in ((None, found.total), *enumerate(found.items)):
        assert affected is not None
        for what, volume in affected.done.items():
            row = Counted(number, what.window, what.way, named(what.done))
            objects, size = left.pop(row, (0, 0))
            assert volume.objects.at_least <= objects <= volume.objects.at_most, row
            assert volume.bytes.at_least <= size <= volume.bytes.at_most, row
    assert not left, "these are told as impossible"


EXPIRING = Rule("r0", Filter(), expires=Days(1))
OLD_ARCHIVED = Rule(
    "r1",
    Filter(larger_than=0),
    noncurrent_transitions=(NoncurrentTransition(Days(1), StorageClass("GLACIER")),),
)
ABORTING = Rule("r2", Filter(), aborts_uploads_after=Days(1))


@settings(max_examples=200, deadline=None)
@given(worlds())
@example(  # the rule that moves it does not change: it comes to nothing without the expiration
    (
        (RuleSet((EXPIRING, OLD_ARCHIVED, ABORTING)), RuleSet((OLD_ARCHIVED, ABORTING))),
        Versioning.ENABLED,
        [StoredItem("x0", AT, size=1, current=True)],
    )
)
def test_of_what_is_not_followed_nothing_that_happens_is_told_as_impossible(
    world: tuple[Pair, Versioning, list[StoredItem]],
) -> None:
    pair, versioning, items = world
    state = BucketState(versioning)
    before, after = (Batch(each, state) for each in pair)
    stored_groups = groups([before, after], items, AT)
    contents = Contents((), (), [Unfollowed((group,)) for group in stored_groups])
    facts = [BucketFacts(KEY, Changed(before, after, contents), frozenset(Clock))]
    found = radius(compared(pair, versioning), facts, STARTS)
    are_within(found, one_by_one(pair, versioning, items))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(worlds())
def test_samples_are_of_what_the_item_deletes_and_the_oldest_is_the_oldest(
    world: tuple[Pair, Versioning, list[StoredItem]],
) -> None:
    pair, versioning, items = world
    found = radius_of(pair, versioning, items)
    told = told_items(pair, versioning)
    for number, affected in enumerate(found.items):
        assert affected is not None
        expected = [
            item
            for item in items
            if any(of == number for of in deleted_at_once(told, pair, versioning, item))
        ]
        event(f"{len(expected)} deleted")
        listed = Listed(None, "listing", tuple(items))
        marks = [mark.item for mark in affected.oldest]
        seen = listed.sample(marks, pair, BucketState(versioning), AT, 9)
        if not expected:
            assert seen is None
            continue
        assert seen is not None
        assert seen.oldest == min(item.created for item in expected).date()
        assert set(seen.keys) == {item.key for item in expected}


def deleted_at_once(
    told: list[dict[str, Any]], pair: Pair, versioning: Versioning, item: StoredItem
) -> Iterator[int]:
    before, after = (dict(played(side, versioning, item)) for side in pair)
    for done, (due, clock) in after.items():
        is_new = done not in before or before[done][0] > due
        if due <= BEGIN and done in WORDS.values() and is_new:
            yield from its_item(told, item, clock)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(worlds())
def test_by_a_tag_each_object_that_is_deleted_counts_once(
    world: tuple[Pair, Versioning, list[StoredItem]],
) -> None:
    pair, versioning, items = world
    told, state = told_items(pair, versioning), BucketState(versioning)
    values = RuleSet((Rule("", Filter("", (("t", "x"),))), Rule("", Filter("", (("t", "y"),)))))
    before, after = (Batch(each, state) for each in pair)
    contents = Contents(groups([before, after, Batch(values, state)], items, AT))
    tag = TagApart("t", frozenset("xy"))
    facts = [BucketFacts(KEY, Changed(before, after, contents), frozenset(Clock), tag)]
    found = radius(compared(pair, versioning), facts, STARTS)
    expected: Counter[tuple[int, str | None]] = Counter()
    for item in items:
        for number in deleted_at_once(told, pair, versioning, item):
            expected[number, dict(item.tags).get("t")] += 1
    counted = {
        (number, value): volume.objects.at_least
        for number, affected in enumerate(found.items)
        for value, volume in (affected.deleted_by_tag if affected else {}).items()
    }
    assert counted == expected
    in_all = found.total.deleted_by_tag.values()
    assert sum(volume.objects.at_least for volume in in_all) == sum(expected.values())


def test_a_bucket_of_which_nothing_is_known_is_named() -> None:
    pair = RuleSet(()), small_buckets.numbered([rule()])
    items = compared(pair, Versioning.OFF)
    found = radius(items, [], STARTS)
    assert found.unknown == (KEY,)
    assert found.items == (None,)
    assert found.is_partial


def test_of_a_clock_that_nothing_tells_of_it_does_not_say_that_nothing_goes() -> None:
    days = Days(3)
    newer = Rule("", Filter("a/"), noncurrent_expires=NoncurrentExpiration(days))
    pair = small_buckets.numbered([rule()]), small_buckets.numbered([rule(), newer])
    state = BucketState(Versioning.ENABLED)
    before, after = (Batch(each, state) for each in pair)
    items = compared(pair, Versioning.ENABLED)
    told = frozenset((Clock.OBJECTS,))
    facts = [BucketFacts(KEY, Changed(before, after, Contents(())), told)]
    found = radius(items, facts, STARTS)
    assert [item.change.clock for item in items] == [Clock.NONCURRENT_VERSIONS]
    assert found.items == (None,)
    assert found.untold == ((KEY, Clock.NONCURRENT_VERSIONS),)
    assert found.known == (KEY,)
    assert found.is_partial


def rule() -> Rule:
    return Rule("", Filter("a/"), expires=Days(2))


def test_what_is_moved_on_the_first_midnight_and_hidden_on_the_second_counts_as_due() -> None:
    """S3 does one thing a day to an object."""
    moves = Transition(Days(1), StorageClass("GLACIER"))
    both = small_buckets.numbered([Rule("", Filter("a/"), transitions=(moves,), expires=Days(2))])
    item = StoredItem("a/x", AT - timedelta(days=10), size=2**20)
    found = radius_of((RuleSet(()), both), Versioning.ENABLED, [item])
    first = found.total.in_window(Window.FIRST_RUN)
    assert {named(done): volume.objects.at_most for done, volume in first.items()} == {
        "GLACIER": 1,
        "delete_markers": 1,
    }
    assert found.total.deleted.bytes.at_least == 2**20


@pytest.mark.parametrize("versioning", [Versioning.OFF, Versioning.ENABLED])
def test_what_is_kept_longer_is_told_apart(versioning: Versioning) -> None:
    item = StoredItem("a/x", AT - timedelta(days=10), size=5)
    found = radius_of((small_buckets.numbered([rule()]), RuleSet(())), versioning, [item])
    assert not found.total.in_window(Window.FIRST_RUN)
    (volume,) = found.total.in_window(Window.FIRST_RUN, Way.NO_LONGER).values()
    assert volume.bytes.at_least == 5
