"""What is due in which month, counted object by object with the reference of S3's lifecycle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.change import Changed, change
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.groups import Stored, groups
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.portions.dollars import Dollars, Unpriced
from firnline.inventory.portions.due import StoredFate, how_often
from firnline.inventory.portions.newly import Losses, days_newly_lost
from firnline.inventory.portions.portion import Portion, average_prices, portions
from firnline.inventory.prices.free import free
from firnline.inventory.prices.price_list import NoPrice
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import Versioning
from tests.inventory.radius.test_radius import AT, Pair, worlds

MONTHS = 3
STARTS = starts(AT, MONTHS)
BEGIN, END = STARTS[0], STARTS[-1]
PREFIXES = ("", "a", "a/", "b/")
World = tuple[Pair, Versioning, list[StoredItem]]
DONE = {
    LifecycleAction.EXPIRE: Happens.DELETED,
    LifecycleAction.DELETE_VERSION: Happens.DELETED,
    LifecycleAction.DELETE_MARKER: Happens.DELETE_MARKERS,
    LifecycleAction.ABORT_UPLOAD: Happens.ABORTED,
}


def prefix_of(stored: Stored) -> str:
    return _prefix(stored.example.key)


def portions_of(world: World) -> tuple[Changed, dict[str, Portion]]:
    pair, versioning, items = world
    state = BucketState(versioning)
    apart = RuleSet(tuple(Rule(each, Filter(each)) for each in PREFIXES))
    before, after, told = (Batch(each, state) for each in (*pair, apart))
    bucket = Changed(before, after, Contents(groups([before, after, told], items, AT)))
    return bucket, portions(bucket, prefix_of, STARTS, average_prices([bucket], US_EAST_1))


def events(rules: RuleSet, versioning: Versioning, item: StoredItem) -> dict[Happens | str, int]:
    """The day on which each happens; nothing else happens behind a deletion."""
    last = END - timedelta(days=1)
    return {
        DONE.get(each.action_due.action) or str(each.action_due.storage_class): (
            each.at - BEGIN
        ).days
        for each in history(rules, BucketState(versioning), item, BEGIN, last)
    }


def due_one_by_one(
    rules: RuleSet, versioning: Versioning, items: Sequence[StoredItem], first: int, end: int
) -> Counter[Happens | str]:
    found: Counter[Happens | str] = Counter()
    for item in items:
        here = {what for what, day in events(rules, versioning, item).items() if first <= day < end}
        if Happens.DELETED in here:
            here.discard(Happens.DELETE_MARKERS)
        found.update(here)
    return found


def periods() -> Iterator[tuple[int | None, int, int]]:
    days = [(each - BEGIN).days for each in STARTS]
    yield None, 0, days[-1]
    yield from ((month, days[month], days[month + 1]) for month in range(MONTHS))


@settings(max_examples=60)
@given(worlds())
def test_what_is_due_in_a_month_is_what_happens_to_each_object(world: World) -> None:
    pair, versioning, items = world
    _, found = portions_of(world)
    for prefix, portion in found.items():
        here = [each for each in items if _prefix(each.key) == prefix]
        for month, first, end in periods():
            expected = due_one_by_one(pair[1], versioning, here, first, end)
            told = {
                each.done: portion.done([each.done], month).objects.at_least
                for each in portion.events
                if each.month == month
            }
            assert told == dict(expected), (prefix, month)


@settings(max_examples=20)
@given(worlds())
def test_newly_lost_is_what_comes_to_less_than_under_the_rules_before(world: World) -> None:
    pair, versioning, items = world
    _, found = portions_of(world)
    month = (STARTS[1] - BEGIN).days
    for prefix, portion in found.items():
        here = [each for each in items if _prefix(each.key) == prefix]
        new = [
            each
            for each in here
            if _left(pair[1], versioning, each, month) < _left(pair[0], versioning, each, month)
        ]
        assert portion.newly_lost.objects.at_least == len(new)
        assert portion.newly_lost.bytes.at_most == sum(each.size for each in new)


def _left(rules: RuleSet, versioning: Versioning, item: StoredItem, before: int) -> int:
    """How much there is still on a day: nothing, what is hidden, or the item."""
    there = {what for what, day in events(rules, versioning, item).items() if day < before}
    if item.kind is ItemKind.DELETE_MARKER:
        return 2
    is_gone = bool(there & {Happens.DELETED, Happens.ABORTED})
    return 0 if is_gone else 2 - (Happens.DELETE_MARKERS in there)


@given(*[st.integers(0, 12)] * 4, st.integers(1, 10))
def test_what_is_written_daily_is_newly_lost_as_often_as_by_day(
    hidden: int, gone: int, hidden_before: int, gone_before: int, end: int
) -> None:
    new, old = Losses(hidden, hidden + gone), Losses(hidden_before, hidden_before + gone_before)
    expected = sum(
        any(day + days < end <= day + other for days, other in zip(new, old, strict=True))
        for day in range(end)
    )
    assert days_newly_lost(new, old, end) == expected


@settings(max_examples=30)
@given(worlds())
def test_each_version_has_one_fate_and_portions_are_the_whole(world: World) -> None:
    _, found = portions_of(world)
    items = [each for each in world[2] if each.kind is ItemKind.OBJECT_VERSION]
    for portion in found.values():
        fates = sum(portion.fate(each).bytes.at_least for each in StoredFate)
        assert fates == portion.now.total.bytes
    assert sum(each.now.total.objects for each in found.values()) == len(items)
    assert sum(each.now.total.bytes for each in found.values()) == sum(i.size for i in items)


@settings(max_examples=30)
@given(worlds())
def test_the_costs_of_portions_sum_up_to_those_of_the_forecast(world: World) -> None:
    bucket, found = portions_of(world)
    whole = change([bucket], STARTS, US_EAST_1)
    for name, theirs in (
        ("before", whole.before.in_all.total),
        ("after", whole.after.in_all.total),
        ("saved", whole.saved_so_far[-1]),
    ):
        totals = [getattr(each.paid, name) for each in found.values()]
        ours = sum(total.amount.at_least for total in totals)
        assert theirs.is_exact
        assert float(ours) == pytest.approx(float(theirs.at_least), rel=1e-9)


@settings(max_examples=15)
@given(worlds())
def test_without_prices_portions_are_the_same_but_for_dollars(world: World) -> None:
    bucket, priced = portions_of(world)
    unpriced = Unpriced("lab", NoPrice("no price", "eu-west-1"))
    found = portions(bucket, prefix_of, STARTS, unpriced)
    assert found.keys() == priced.keys()
    for name, portion in found.items():
        assert {portion.usd_a_month, *portion.usd_by_class.values(), *portion.paid} == {
            Dollars(None, frozenset(["lab"]))
        }
        same = replace(portion, usd_by_class=priced[name].usd_by_class, paid=priced[name].paid)
        assert same == priced[name]


@settings(max_examples=15)
@given(worlds())
def test_what_is_stored_later_is_the_same_where_nothing_costs_anything(world: World) -> None:
    bucket, _ = portions_of(world)
    classes = [each.example.storage_class for group in bucket.stored.groups for each in group]
    ours, theirs = (change([bucket], STARTS, x) for x in (free(classes), US_EAST_1))
    for mine, priced in ((ours.before, theirs.before), (ours.after, theirs.after)):
        assert (mine.stored, mine.by_class) == (priced.stored, priced.by_class)
        assert mine.first_run.happens == priced.first_run.happens
        assert mine.in_all.total == Between.exactly(Fraction())


@given(st.integers(0, 40), st.none() | st.integers(0, 20), st.integers(0, 30), st.integers(1, 30))
def test_what_is_written_daily_is_counted_as_often_as_by_day(
    day: int, later: int | None, first: int, length: int
) -> None:
    end, until = first + length, None if later is None else day + later
    written = range(end)
    expected = sum(
        first <= each + day < end and (until is None or each + until >= end) for each in written
    )
    assert how_often(day, until, first, end) == expected


def _prefix(key: str) -> str:
    return max((each for each in PREFIXES if key.startswith(each)), key=len)
