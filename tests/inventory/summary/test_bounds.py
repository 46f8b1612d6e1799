"""Whatever rules do to what is stored, it lies within what a summary says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.change import Change, Changed, change
from firnline.inventory.forecast.groups import groups
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.possible_tags import Rules, with_possible_tags
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.summary.cut import cut_for
from firnline.inventory.summary.grouped import contents
from firnline.s3.simulate.batch import Batch
from firnline.s3.timestamps import read_moment
from tests.inventory.forecast.firnline_words import batch_of, items_of, prices_of, rules_of
from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.stored import Key, Rule, Version, World
from tests.inventory.forecast.random_worlds import SIZES, rules, worlds
from tests.inventory.summary.in_rows import summed_up

TAGS = st.sampled_from(((), ("t",)))
LIMITS = st.sampled_from((1, 2, 3, 4, 6, 1_000))


@st.composite
def drawn(draw: st.DrawFn) -> tuple[World, list[Rule], list[Rule]]:
    """A bucket with keys that differ in little, the rules after a change, and the rules that its
    summary was made for.
    """
    world = draw(worlds())
    keys = [twin for key in world.keys for twin in draw(twins(key))]
    after = draw(st.lists(rules(), max_size=3))
    made_for = draw(st.sampled_from((list(world.rules), after, [])))
    more = draw(st.lists(rules(), max_size=2))
    return replace(world, keys=tuple(keys), uploads=()), after, [*made_for, *more]


@st.composite
def twins(draw: st.DrawFn, key: Key) -> list[Key]:
    found = [key]
    for number in range(draw(st.integers(0, 3))):
        days = timedelta(days=draw(st.integers(0, 9)))
        resized = draw(st.sampled_from((0, *SIZES)))
        versions = tuple(
            replace(
                version,
                created=version.created - days,
                size=resized if resized and not version.marker else version.size,
                in_class_since=None,
            )
            for version in key.versions
        )
        found.append(replace(key, name=f"{key.name}/{number}", versions=versions))
    return found


def compare(
    world: World, after: list[Rule], made_for: list[Rule], limit: int, tags: tuple[str, ...]
) -> bool:
    """Whether it was exact. `tags` are the keys of those that the summary keeps apart."""
    sides = world, replace(world, rules=tuple(after))
    rule_sets = rules_of(sides[0]), rules_of(sides[1])
    keys = [list(items_of(key)) for key in world.keys]
    cut = cut_for(
        [rules_of(replace(world, rules=tuple(made_for)))],
        folders=(),
        tag_keys=tags,
        is_suspended=world.versioning == "Suspended" and bool(made_for),
        all_versions=True,
        tags_known=True,
    )
    summary = summed_up(keys, cut, world.as_of, limit)
    batches = [batch_of(each) for each in sides]
    found = with_possible_tags(
        contents(summary, rule_sets, batches[0].bucket, world.as_of),
        Rules(rule_sets[0], rule_sets[1], batches[0].bucket),
        world.as_of,
    )
    listed = groups(batches, [item for key in keys for item in key], world.as_of)
    told = _change(batches, found, world)
    assert list(outside(told, _change(batches, Contents(listed), world))) == []
    return told.is_exact


def _change(batches: list[Batch], found: Contents, world: World) -> Change:
    months = starts(world.as_of, 3)
    before, after = batches
    return change([Changed(before, after, found)], months, prices_of(US_EAST_1))


def outside(found: Change, listed: Change) -> Iterator[object]:
    numbers, true = dict(_numbers(found)), dict(_numbers(listed))
    nothing = Between(0, 0)
    for name in numbers | true:
        bounds, number = numbers.get(name, nothing), true.get(name, nothing)
        assert number.is_exact
        if not bounds.at_least <= number.at_least <= bounds.at_most:
            yield name, bounds, number.at_least


def _numbers(value: Any, *name: Any) -> Iterator[tuple[tuple[Any, ...], Between[Any]]]:
    match value:
        case Between():
            yield name, value
        case Mapping():
            for each, part in value.items():
                yield from _numbers(part, *name, each)
        case tuple() if hasattr(value, "_fields"):
            for each, part in zip(value._fields, value, strict=True):
                yield from _numbers(part, *name, each)
        case tuple():
            for place, part in enumerate(value):
                yield from _numbers(part, *name, place)
        case bool():
            pass
        case _:
            for each in fields(value):
                yield from _numbers(getattr(value, each.name), *name, each.name)


@settings(max_examples=40, deadline=None)
@given(drawn(), LIMITS, TAGS)
def test_what_comes_lies_within_what_a_summary_says(
    found: tuple[World, list[Rule], list[Rule]], limit: int, tags: tuple[str, ...]
) -> None:
    compare(*found, limit, tags)


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(drawn(), LIMITS, TAGS)
def test_what_comes_lies_within_what_hundreds_of_summaries_say(
    found: tuple[World, list[Rule], list[Rule]], limit: int, tags: tuple[str, ...]
) -> None:
    compare(*found, limit, tags)


def test_a_version_that_gets_a_later_successor_is_not_taken_to_be_deleted_before() -> None:
    """The newer one is deleted first, by its size; from then on the older one is noncurrent since
    the current one was made.
    """
    sized = noncurrent(10, {"Prefix": "", "ObjectSizeGreaterThan": 1_000_000})
    world = bucket((10, "2026-01-01"), (5_000_000, "2026-06-01"), (10, "2026-11-10"))
    world = replace(world, rules=(sized, noncurrent(180, {"Prefix": ""})))
    assert not compare(world, [], [], 1_000, ())
    assert compare(world, [], list(world.rules), 1_000, ())


def test_it_matters_to_the_newest_noncurrent_version_when_the_current_one_expires() -> None:
    kept = {**noncurrent(5, {"Prefix": ""}), "Expiration": {"Days": 30}}
    kept["NoncurrentVersionExpiration"] = {"NoncurrentDays": 5, "NewerNoncurrentVersions": 1}
    world = bucket((10, "2026-01-01"), (10, "2026-11-10"))
    young = bucket((10, "2026-01-01"), (10, "2026-11-20")).keys[0]
    both = replace(world, rules=(kept,), keys=(*world.keys, replace(young, name="b")))
    assert compare(both, [], [], 1_000, ())  # its successor says when that is
    older = tuple(
        replace(key, versions=(replace(key.versions[0], created=DAY0), *key.versions))
        for key in both.keys
    )
    assert compare(replace(both, keys=older), [], list(both.rules), 1_000, ())


def test_tiers_depend_on_ages_that_a_summary_does_not_tell_apart_though_no_rule_acts() -> None:
    """Below a null version that comes to stand behind others, with more open than is followed."""
    sized = {"And": {"Prefix": "", "ObjectSizeGreaterThan": 1}}
    rule: Rule = {"Status": "Enabled", "Filter": sized, "Expiration": {"Days": 1}}
    world = World(
        read_moment("2026-11-21"),
        (_tiered("a", "2026-11-20"), _tiered("b", "2026-11-19")),
        rules=(rule,),
        versioning="Suspended",
    )
    assert not compare(world, [], [rule], 1, ())


def _tiered(name: str, day: str) -> Key:
    begin, second = read_moment(day), timedelta(seconds=1)
    marker = Version(begin, 0, marker=True)
    return Key(
        name,
        (
            replace(marker, null=True),
            replace(marker, created=begin + second),
            Version(begin + 2 * second, 131_072, "INTELLIGENT_TIERING"),
            replace(marker, created=begin + 3 * second),
            replace(marker, created=begin + timedelta(days=1)),
        ),
    )


DAY0 = read_moment("2025-06-01")


def bucket(*versions: tuple[int, str]) -> World:
    made = tuple(Version(read_moment(day), size) for size, day in versions)
    return World(read_moment("2026-11-21"), (Key("a", made),), versioning="Enabled")


def noncurrent(days: int, filter: dict[str, Any]) -> dict[str, Any]:
    return {
        "Status": "Enabled",
        "Filter": filter if len(filter) == 1 else {"And": filter},
        "NoncurrentVersionExpiration": {"NoncurrentDays": days},
    }
