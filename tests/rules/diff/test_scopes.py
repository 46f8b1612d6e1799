"""An object is in the scope of exactly those items that say what changes for it."""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple

from hypothesis import event, given, settings
from hypothesis import strategies as st

from firnline.rules.diff.items import Compared, compare
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning
from firnline.targets.formats.changes_json import to_json
from tests.rules.diff import small_buckets
from tests.rules.diff.small_buckets import OBJECTS, Fate, Kept, fates

EXAMPLES = int(os.environ.get("FIRNLINE_SCOPE_EXAMPLES", "100"))
KEY = "lab/*/lab-data"
Pair = tuple[RuleSet, RuleSet]
Item = dict[str, Any]


def items_of(pair: Pair, versioning: Versioning | None = Versioning.ENABLED) -> list[Item]:
    """As `firnline diff --out json` prints them."""
    one, other = ({KEY: BucketConfig(side, versioning)} for side in pair)
    items: list[Item] = json.loads(to_json(Compared("one", "other", compare(one, other))))["items"]
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
    said: dict[object, tuple[Fate, Fate]] = {}
    for clock, kept, before, after in fates(pair, versioning):
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


@settings(max_examples=EXAMPLES * 2, deadline=None)
@given(small_buckets.pairs(), small_buckets.pairs())
def test_two_scopes_never_share_a_text(one: Pair, other: Pair) -> None:
    by_text: dict[str, frozenset[Kept]] = {}
    for item in (*items_of(one), *items_of(other)):
        inside = frozenset(kept for kept in OBJECTS if in_scope(item, kept))
        text = item["where"]["text"]
        assert by_text.setdefault(text, inside) == inside, text
