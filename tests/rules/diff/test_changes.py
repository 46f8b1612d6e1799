"""What changes is what somebody could notice, and is called by what it does to objects."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from firnline.rules.diff.category import Category, called, categories
from firnline.rules.diff.changes import changes
from firnline.rules.diff.example import example_of
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.compare.difference import facts
from firnline.s3.compare.same import same
from firnline.s3.law.classes import READING
from firnline.s3.model import Filter, Rule, RuleSet, Transition
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import Clock, Days, StorageClass, Versioning
from tests.s3.compare import worlds
from tests.s3.compare.test_same import UNIVERSE, pairs

EXAMPLES = int(os.environ.get("FIRNLINE_PROOF_EXAMPLES", "80"))


def held(rules: RuleSet, versioning: Versioning | None = None) -> BucketConfig:
    return BucketConfig(rules, versioning)


@settings(max_examples=EXAMPLES * 4, deadline=None)
@given(pairs(), st.sampled_from([*Versioning, None]))
def test_something_changes_exactly_where_the_proof_finds_a_difference(
    pair: tuple[RuleSet, RuleSet], versioning: Versioning | None
) -> None:
    one, other = pair
    found = changes(held(one, versioning), held(other, versioning))
    event("change" if found else "no change")
    assert bool(found) is not same(one, other, facts(versioning))


@settings(max_examples=EXAMPLES, deadline=None)
@given(pairs(), st.sampled_from([*Versioning, None]))
def test_every_example_really_fares_differently(
    pair: tuple[RuleSet, RuleSet], versioning: Versioning | None
) -> None:
    for change in changes(*(held(side, versioning) for side in pair)):
        example = example_of(change, called(categories(change.old, change.new, change.facts)))
        fates = [
            worlds.told(side, example.versioning, example.item, example.today) for side in pair
        ]
        assert fates[0] != fates[1], example
        assert versioning in (None, example.versioning)


@settings(
    max_examples=EXAMPLES, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)
@given(pairs(), st.sampled_from(Versioning))
def test_what_a_change_is_called_is_what_trying_everything_shows(
    pair: tuple[RuleSet, RuleSet], versioning: Versioning
) -> None:
    found = changes(*(held(side, versioning) for side in pair))
    said: set[Category] = set()
    for change in found:
        if change.clock is Clock.DELETE_MARKERS:
            continue
        for category in categories(change.old, change.new, change.facts):
            said.add(category)
            if category in SHOWN:
                example = example_of(change, category)
                shown = SHOWN[category](pair, versioning, example.item, example.today)
                assert shown, (category, example)
    for item, today in UNIVERSE[:: 7 + len(pair[0].rules)]:
        if item.kind is ItemKind.DELETE_MARKER:
            continue
        for category, shows in SHOWN.items():
            if category not in said:
                assert not shows(pair, versioning, item, today), (category, item)


def _ends_sooner(
    pair: tuple[RuleSet, RuleSet], versioning: Versioning, item: StoredItem, today: datetime
) -> bool:
    before, after = (_end(_without_moves(side), versioning, item, today) for side in pair)
    return after is not None and (before is None or after < before)


def _ends_later(
    pair: tuple[RuleSet, RuleSet], versioning: Versioning, item: StoredItem, today: datetime
) -> bool:
    return _ends_sooner((pair[1], pair[0]), versioning, item, today)


def _harder_to_read(
    pair: tuple[RuleSet, RuleSet], versioning: Versioning, item: StoredItem, today: datetime
) -> bool:
    """On some day up to its end before, unless it ends on that very day and after does not. After,
    what a delete marker is to hide is moved first where both are due: that puts the marker off."""
    ends = [_end(_without_moves(side), versioning, item, today) for side in pair]
    hides = item.current and versioning is not Versioning.OFF
    hidden = _end(pair[1], versioning, item, today)
    paths = [_classes(side, versioning, item, today) for side in pair]
    for at in sorted({at for path in paths for at, _ in path}):
        if ends[0] is not None and (ends[0] < at or (ends[0] == at and not _by(at, ends[1]))):
            continue
        if _by(at, hidden if hides else ends[1]):
            continue
        before, after = (_class_at(path, at, item.storage_class) for path in paths)
        if READING[after] > READING[before]:
            return True
    return False


def _by(at: datetime, end: datetime | None) -> bool:
    return end is not None and end <= at


SHOWN: dict[
    Category, Callable[[tuple[RuleSet, RuleSet], Versioning, StoredItem, datetime], bool]
] = {
    Category.DELETES_SOONER: _ends_sooner,
    Category.KEEPS_LONGER: _ends_later,
    Category.ARCHIVES_SOONER: _harder_to_read,
}


def _end(
    rules: RuleSet, versioning: Versioning, item: StoredItem, today: datetime
) -> datetime | None:
    for each in history(rules, BucketState(versioning), item, today):
        if each.action_due.action is not LifecycleAction.TRANSITION:
            return each.at
    return None


def _classes(
    rules: RuleSet, versioning: Versioning, item: StoredItem, today: datetime
) -> list[tuple[datetime, str]]:
    """Its moves, for as long as it stays what it is."""
    found = []
    for each in history(rules, BucketState(versioning), item, today):
        if each.action_due.action is not LifecycleAction.TRANSITION:
            break
        found.append((each.at, each.action_due.storage_class or ""))
    return found


def _class_at(path: list[tuple[datetime, str]], at: datetime, first: str) -> str:
    return [first, *(into for when, into in path if when <= at)][-1]


def _without_moves(rules: RuleSet) -> RuleSet:
    still = [replace(each, transitions=(), noncurrent_transitions=()) for each in rules.rules]
    return replace(rules, rules=tuple(still))


def test_dates_one_day_apart_have_an_example() -> None:
    one, other = (RuleSet((Rule("a", Filter(), expires=date(2027, 1, day)),)) for day in (2, 1))
    (change,) = changes(held(one), held(other))
    example = example_of(change, Category.DELETES_SOONER)
    fates = [worlds.told(s, example.versioning, example.item, example.today) for s in (one, other)]
    assert fates[0] != fates[1]


def test_what_is_hidden_where_it_would_no_longer_move_is_not_archived_sooner() -> None:
    """Three days old in STANDARD_IA: before, it moved to a class that is easier to read and got its
    delete marker a day later; after, it gets the marker at once.
    """
    easier = StorageClass("INTELLIGENT_TIERING")
    before = RuleSet(
        (
            Rule("moves", Filter(larger_than=0), transitions=(Transition(Days(2), easier),)),
            Rule("ends", Filter(), expires=Days(2)),
        )
    )
    after = RuleSet(
        (
            Rule(
                "moves",
                Filter(larger_than=0),
                transitions=(Transition(date(2026, 5, 12), easier),),
            ),
            Rule("ends", Filter(), expires=Days(3)),
        )
    )
    for change in changes(held(before, Versioning.ENABLED), held(after, Versioning.ENABLED)):
        if change.clock is Clock.OBJECTS:
            found = categories(change.old, change.new, change.facts)
            assert Category.ARCHIVES_SOONER not in found
