"""Whatever the policies: every object has one row, and S3 deletes it when that row says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import inf
from typing import Any

from hypothesis import event, given, reject, settings
from hypothesis import strategies as st

from firnline.pipeline import compile_files
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.diff.boxes import Box
from firnline.rules.diff.where import Where
from firnline.s3.shape import to_s3
from firnline.targets.schedule.model import Kept, Row, Unbounded
from firnline.targets.schedule.rows import rows_of
from tests.rules.oracle import Stored, story
from tests.rules.stated_ends import Item, stated_ends
from tests.rules.strategies import KEYS, PREFIXES, crossing_policies, policies

SIZES = (1, 2_000, 2_000_000, 2_000_000_000)
HELD = ("STANDARD", "GLACIER_IR", "STANDARD_IA")
# Every key with every tag and size, in one of the classes.
OBJECTS = [
    Stored(key, tag, size, HELD[number % 3], 0)
    for number, (key, tag, size) in enumerate(product(KEYS, (None, "x", "y"), SIZES))
]
NEWER = (0, 2, 3)
SOME_PREFIXES = st.lists(st.sampled_from(PREFIXES), min_size=1, max_size=2, unique=True)


@st.composite
def with_promises(draw: st.DrawFn) -> dict[str, Any]:
    """Promises that nothing breaks, and often a hold."""
    policy: dict[str, Any] = draw(st.one_of(policies(), crossing_policies()))
    promise: dict[str, Any] = {"prefix": draw(SOME_PREFIXES), "keep_at_least": "1d"}
    if draw(st.booleans()):
        promise["tags"] = {"t": draw(st.sampled_from([["x"], ["x", "z"]]))}
    policy["promises"] = {"day": promise}
    if draw(st.booleans()):
        hold = {"ask_again": "2999-12-31", "why": "a request", "approved_by": "legal"}
        policy["holds"] = {"lit-7": {**hold, "prefix": draw(SOME_PREFIXES)}}
    return policy


@settings(max_examples=20, deadline=None)
@given(with_promises())
def test_every_object_has_one_row_and_is_deleted_on_a_day_within_it(policy: dict[str, Any]) -> None:
    bucket, rows = _rows(policy)
    event("under a hold" if any(row.without_holds for row in rows) else "without a hold")
    rules = to_s3(bucket.rules)["Rules"]
    keeps = policy["versioning"] != "off"
    crosses = "storage_classes" not in policy  # then it has tags that `stated_ends` does not read
    stated = {} if crosses or "holds" in policy else stated_ends([policy])
    for stored in OBJECTS:
        row = _the_row(rows, stored)
        _names_promises_and_holds(row, stored, policy)
        day = _deleted(story(rules, stored, keeps_versions=keeps))
        assert _within(day, row.ends.readable), stored
        if stated:
            (said,) = {end[0] for end in stated.get(_item(stored), [])} or {inf}
            assert row.ends.readable.least == (None if said == inf else said)
        if policy["versioning"] == "off":
            assert row.ends.bytes == row.ends.readable
            assert (row.ends.old_versions.least, row.ends.old_versions.most) == (0, 0)
            continue
        for newer in NEWER:
            old = replace(stored, newer=newer)
            later = _deleted(story(rules, old, old=True, keeps_versions=True))
            assert _within(later, row.ends.old_versions), old
            assert _within(day + later, row.ends.bytes), old


def test_a_hold_is_the_reason_and_what_would_hold_without_it_is_told() -> None:
    policy = _policy(
        versioning="enabled",
        retain={
            "a": {"prefix": "a/", "delete_after": "30d", "old_versions": {"delete_after": "7d"}}
        },
        holds={
            "lit-7": {
                "prefix": "a/b/",
                "ask_again": "2999-12-31",
                "why": "a request",
                "approved_by": "legal",
            }
        },
    )
    _, rows = _rows(policy)
    held = {row.prefix: row for row in rows if row.objects}
    assert sorted(held) == ["a/", "a/b/"], "S3 cannot keep a/b/ alone, so all of a/ is suspended"
    for row in held.values():
        assert row.ends.readable == Kept(None, None, Unbounded.HOLD)
        assert row.without_holds is not None
        assert row.without_holds.bytes == Kept(37, 39)
        assert [hold.name.value for _, hold in row.holds] == ["lit-7"]


def test_what_registries_need_has_a_minimum_and_no_maximum() -> None:
    models = {"prefix": "m/", "delete_after": "30d", "delete_when": "unreferenced"}
    references = {"from": "mlflow", "grace": "30d", "min_age": "45d"}
    policy = _policy(versioning="enabled", retain={"m": models}, references=references)
    registry = {"mlflow": {"tracking_uri": "https://mlflow.example.com"}}
    fleet = {
        "firnline": "fleet/v1",
        "namespace": "lab",
        "accounts": {"lab": {"id": "111122223333", "regions": ["eu-west-1"]}},
        "registries": {"mlflow": registry},
    }
    _, rows = _rows(policy, fleet)
    (row,) = (row for row in rows if row.prefix == "m/")
    assert row.ends.readable == Kept(45, None, Unbounded.REGISTRIES)
    assert row.registries == ("mlflow",)


def _item(stored: Stored) -> Item:

    return Item("objects", stored.key, stored.tag, stored.size)


def _names_promises_and_holds(row: Row, stored: Stored, policy: dict[str, Any]) -> None:
    promise = policy["promises"]["day"]
    values = promise.get("tags", {}).get("t", [stored.tag])
    covered = stored.key.startswith(tuple(promise["prefix"])) and stored.tag in values
    assert bool(row.promises) == covered, stored
    held = policy.get("holds", {}).get("lit-7", {}).get("prefix", ())
    if stored.key.startswith(tuple(held)):
        assert row.holds, stored
        assert row.ends.readable.most is None


def _policy(**settings: Any) -> dict[str, Any]:
    return {
        "firnline": "policy/v1",
        "policy": "lake",
        "owner": "lab",
        "why": "a test",
        "applies_to": [{"account": "lab", "buckets": "lab-data"}],
        **settings,
    }


def _rows(*documents: dict[str, Any]) -> tuple[BucketRules, Sequence[Row]]:
    files = {f"{place}.yaml": json.dumps(each).encode() for place, each in enumerate(documents)}
    compilation = compile_files(files)
    if compilation.failed:
        reject()
    (bucket,) = compilation.buckets
    assert bucket.program is not None
    return bucket, rows_of(bucket.program, bucket.rules)


def _the_row(rows: Sequence[Row], stored: Stored) -> Row:
    found = [row for row in rows if _holds(row, stored)]
    assert len(found) == 1, (stored, found)
    return found[0]


def _holds(row: Row, stored: Stored) -> bool:
    if not stored.key.startswith(row.prefix):
        return False
    found = [where for where in row.where if _in_where(where, stored)]
    assert len(found) < 2
    return bool(found)


def _in_where(where: Where, stored: Stored) -> bool:
    return (
        stored.key.startswith(where.prefixes)
        and any(_in_box(box, stored) for box in where.boxes)
        and not any(
            stored.key.startswith(each.prefix)
            and not stored.key.startswith(each.outside)
            and any(_in_box(box, stored) for box in each.boxes)
            for each in where.excluded
        )
    )


def _in_box(box: Box, stored: Stored) -> bool:
    tags = {("t", stored.tag)} if stored.tag else set()
    return (
        set(box.tags) <= tags
        and any(least <= stored.size <= most for least, most in box.sizes)
        and not any(set(without) <= tags for without in box.without)
    )


def _deleted(steps: list[tuple[int, str]]) -> float:
    return steps[-1][0] if steps and steps[-1][1] == "deleted" else inf


def _within(day: float, kept: Kept) -> bool:
    """The naive simulator does not round, which may take a day more for each clock."""
    if kept.least is None:
        return day == inf
    if kept.most is None:
        return day >= kept.least
    return kept.least <= day < kept.most
