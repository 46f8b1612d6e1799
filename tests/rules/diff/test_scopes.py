"""An object is in the scope of exactly those items that say what changes for it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from firnline.pipeline import compile_files
from firnline.rules.diff.items import compare
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.model import RuleSet
from firnline.s3.terms import Clock, Versioning
from firnline.targets.formats.changes_json import to_json
from firnline.targets.review.model import Review
from tests.rules import strategies
from tests.rules.diff import small_buckets
from tests.rules.diff.small_buckets import OBJECTS, Fate, Kept, fates, starts_of

EXAMPLES = int(os.environ.get("FIRNLINE_SCOPE_EXAMPLES", "100"))
KEY = "lab/*/lab-data"
Pair = tuple[RuleSet, RuleSet]
Item = dict[str, Any]


def items_of(pair: Pair, versioning: Versioning | None = Versioning.ENABLED) -> list[Item]:
    return items_between(*(BucketConfig(side, versioning) for side in pair))


def items_between(before: BucketConfig, after: BucketConfig) -> list[Item]:
    """As `firnline diff --out json` prints them."""
    found = Review("one", "other", compare({KEY: before}, {KEY: after}))
    items: list[Item] = json.loads(to_json(found))["items"]
    return items


def in_scope(item: Item, kept: Kept) -> bool:
    return any(_in_place(place, kept) for place in item["where"]["places"])


def _in_place(place: dict[str, Any], kept: Kept) -> bool:
    return (
        any(kept.key.startswith(prefix) for prefix in place["prefixes"])
        and any(_in_box(box, kept) for box in place["boxes"])
        and not denied(place, kept)
    )


def denied(place: dict[str, Any], kept: Kept) -> bool:
    """Whether a place says `but not` of it."""
    return any(
        kept.key.startswith(each["prefix"]) and _has(kept, each["tags"])
        for each in place["but_not"]
    ) or any(
        kept.key.startswith(each["prefix"])
        and not any(kept.key.startswith(prefix) for prefix in each["outside"])
        and any(_in_box(box, kept) for box in each["boxes"])
        for each in place["but_not_boxes"]
    )


def _in_box(box: dict[str, Any], kept: Kept) -> bool:
    return (
        _has(kept, box["tags"])
        and any(
            sizes["at_least"] <= kept.size
            and (sizes["at_most"] is None or kept.size <= sizes["at_most"])
            for sizes in box["sizes"]
        )
        and not any(_has(kept, tags) for tags in box["without_tags"])
    )


def _has(kept: Kept, tags: dict[str, str]) -> bool:
    return set(tags.items()) <= set(kept.tags)


@settings(max_examples=EXAMPLES, deadline=None)
@given(small_buckets.pairs(), st.sampled_from(Versioning))
def test_an_object_is_in_the_scope_of_the_one_item_of_its_change_or_of_none(
    pair: Pair, versioning: Versioning
) -> None:
    items = items_of(pair, versioning)
    event(f"{min(len(items), 5)} items")
    each_is_in_its_scopes(items, fates(pair, versioning))


def each_is_in_its_scopes(
    items: list[Item], changing: Iterable[tuple[Clock, Kept, Fate, Fate]]
) -> None:
    said: dict[object, tuple[Fate, Fate]] = {}
    for clock, kept, before, after in changing:
        of_clock = [item for item in items if item["clock"] == clock.value]
        holding = [item for item in of_clock if in_scope(item, kept)]
        assert len(holding) == (before != after), (
            kept,
            [item["where"]["text"] for item in holding],
        )
        for item in holding:
            assert not any(denied(place, kept) for place in item["where"]["places"]), item["where"]
            moves_from = max(item[side]["moves_from_bytes"] for side in ("old", "new"))
            case = item["digest"], kept.size >= moves_from
            assert said.setdefault(case, (before, after)) == (before, after), (kept, item)


POLICY_OBJECTS = tuple(
    Kept(*each)
    for each in product(
        strategies.KEYS,
        ((), (("t", "x"),), (("t", "y"),), (("t", "z"),)),
        (0, 1, 2**10, 2**10 + 1, 2**16, 2**17 - 1, 2**17, 2**20, 2**20 + 1, 2**21, 2**30),
    )
)


@pytest.mark.slow
@settings(
    max_examples=EXAMPLES // 4, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)
@given(st.one_of(strategies.policies(), strategies.crossing_policies()), st.data())
def test_so_it_is_with_policies_and_their_owners(
    policy: dict[str, Any], data: st.DataObject
) -> None:
    earlier = json.loads(json.dumps(policy).replace('"9d"', '"8d"'))
    changed = data.draw(st.sampled_from(sorted(policy["retain"])))
    retention = policy["retain"][changed] | data.draw(strategies.timelines())
    other = {**policy, "retain": {**policy["retain"], changed: retention}}
    sides = []
    for each in (policy, data.draw(st.sampled_from([earlier, other]))):
        compilation = compile_files({"p.yaml": json.dumps(each).encode()}, with_remedies=False)
        assume(not compilation.failed)
        (bucket,) = compilation.buckets
        sides.append(BucketConfig(bucket.rules, bucket.bucket.versioning, program=bucket.program))
    items = items_between(*sides)
    event(f"{min(len(items), 5)} items")
    versioning = sides[1].versioning
    assert versioning is not None
    pair = sides[0].rules, sides[1].rules
    each_is_in_its_scopes(items, fates(pair, versioning, POLICY_OBJECTS, starts_of(pair)))


class Meaning(NamedTuple):
    """What an item says, tried on every object."""

    clock: str
    objects: frozenset[Kept]
    fates: frozenset[tuple[Kept, Fate, Fate]]


def meanings(pair: Pair) -> dict[str, Meaning]:
    """By digest."""
    changed = [each for each in fates(pair, Versioning.ENABLED) if each[2] != each[3]]
    found = {}
    for item in items_of(pair):
        inside = [
            (kept, before, after)
            for clock, kept, before, after in changed
            if clock.value == item["clock"] and in_scope(item, kept)
        ]
        objects = frozenset(kept for kept, _, _ in inside)
        found[item["digest"]] = Meaning(item["clock"], objects, frozenset(inside))
    return found


@settings(max_examples=EXAMPLES, deadline=None)
@given(small_buckets.pairs(), st.data())
def test_two_items_have_one_digest_exactly_where_they_mean_the_same(
    pair: Pair, data: st.DataObject
) -> None:
    before, after = pair
    other_before = data.draw(st.one_of(small_buckets.rule_sets(), st.just(before)))
    found = {**meanings((other_before, after))}
    for digest, meaning in meanings(pair).items():
        same = digest in found
        event("same digest" if same else "another digest")
        if same:
            assert found[digest] == meaning
        else:
            assert meaning not in found.values()


@settings(max_examples=EXAMPLES * 2, deadline=None)
@given(small_buckets.pairs(), st.data())
def test_the_wording_of_the_rules_changes_no_item(pair: Pair, data: st.DataObject) -> None:
    one, other = (data.draw(small_buckets.reworded(side)) for side in pair)
    assert [(item["digest"], item["where"]) for item in items_of((one, other))] == [
        (item["digest"], item["where"]) for item in items_of(pair)
    ]


@pytest.mark.slow
@settings(max_examples=EXAMPLES * 2, deadline=None)
@given(small_buckets.pairs(), small_buckets.pairs())
def test_two_scopes_never_share_a_text(one: Pair, other: Pair) -> None:
    by_text: dict[str, frozenset[Kept]] = {}
    for item in (*items_of(one), *items_of(other)):
        inside = frozenset(kept for kept in OBJECTS if in_scope(item, kept))
        text = item["where"]["text"]
        assert by_text.setdefault(text, inside) == inside, text
