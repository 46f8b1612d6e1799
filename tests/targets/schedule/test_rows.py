"""Whatever the policies: every object has one row, and S3 deletes it when that row says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
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
from firnline.s3.terms import Clock
from firnline.targets.schedule.model import Kept, Row, Unbounded
from firnline.targets.schedule.rows import rows_of
from tests.rules.oracle import Stored, first_day, story
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
ABORTED = "DaysAfterInitiation"
SOME_PREFIXES = st.lists(st.sampled_from(PREFIXES), min_size=1, max_size=2, unique=True)


@st.composite
def of_two_teams(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One policy with promises that nothing breaks, and often a hold; the old versions of the whole
    bucket are the other's. Often nothing says whether the bucket keeps versions.
    """
    policy: dict[str, Any] = draw(st.one_of(policies(), crossing_policies()))
    promise: dict[str, Any] = {"prefix": draw(SOME_PREFIXES), "keep_at_least": "1d"}
    if draw(st.booleans()):
        promise["tags"] = {"t": draw(st.sampled_from([["x"], ["x", "z"]]))}
    policy["promises"] = {"day": promise}
    if draw(st.booleans()):
        hold = {"ask_again": "2999-12-31", "why": "a request", "approved_by": "legal"}
        policy["holds"] = {"lit-7": {**hold, "prefix": draw(SOME_PREFIXES)}}
    if draw(st.booleans()):
        del policy["versioning"]
    old = policy.pop("old_versions", None)
    other = {"old_versions": old, "retain": {}} if old else {}
    return [policy, _policy(owner="ops", policy="ops", **other)] if other else [policy]


@settings(max_examples=15, deadline=None)
@given(of_two_teams())
def test_every_object_has_one_row_and_is_deleted_on_a_day_within_it(
    documents: list[dict[str, Any]],
) -> None:
    bucket, rows = _rows(*documents)
    policy = documents[0]
    event("under a hold" if any(row.without_holds for row in rows) else "without a hold")
    event(f"versioning {policy.get('versioning')}")
    rules = to_s3(bucket.rules)["Rules"]
    crosses = "storage_classes" not in policy  # then it has tags that `stated_ends` does not read
    stated = {} if crosses or "holds" in policy else stated_ends(documents)
    for stored in OBJECTS:
        row = _the_row(rows, stored)
        _names_promises_and_holds(row, stored, policy)
        if stated:
            (said,) = {end[0] for end in stated.get(_item(stored), [])} or {inf}
            assert row.ends.readable.least == (None if said == inf else said)
        abort = first_day(rules, stored.key, "AbortIncompleteMultipartUpload", ABORTED)
        assert row.uploads is None or (abort is not None and abort < row.uploads)
        of_all = first_day(rules, "", "AbortIncompleteMultipartUpload", ABORTED)
        assert (of_all is None) or row.uploads is not None
        for keeps in _possibly_kept(policy):
            day = _deleted(story(rules, stored, keeps_versions=keeps))
            assert _within(day, row.ends.readable), stored
            ways = list(_ways(rules, stored, policy)) if keeps else [0]
            for later in ways:
                assert _within(later, row.ends.old_versions), stored
                assert _within(day + later, row.ends.bytes), stored


@given(of_two_teams())
@settings(max_examples=8, deadline=None)
def test_the_days_of_a_row_are_no_wider_than_they_must_be(documents: list[dict[str, Any]]) -> None:
    """A day of rounding, and one for each transition that may be due on the last day."""
    _, rows = _rows(*documents)
    for row in rows:
        kept = row.ends.readable
        if kept.most is not None:
            assert kept.least is not None
            assert (
                1
                <= kept.most - kept.least
                <= 1
                + sum(
                    tier.clock is Clock.OBJECTS and tier.after == kept.least for tier in row.tiers
                )
            )


def _possibly_kept(policy: dict[str, Any]) -> tuple[bool, ...]:
    """Whether the bucket keeps old versions."""
    said = policy.get("versioning")
    return (True, False) if said is None else (said != "off",)


def _ways(rules: list[dict[str, Any]], stored: Stored, policy: dict[str, Any]) -> Iterator[float]:
    """In how many days an old version may be gone. A null version is at once."""
    if policy.get("versioning") == "suspended":
        yield 0
    for newer in NEWER:
        old = replace(stored, newer=newer)
        yield _deleted(story(rules, old, old=True, keeps_versions=True))


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
    } | settings


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
    return any(_in_where(where, stored) for where in row.where)


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
    return kept.least <= day < kept.most or day == kept.least == kept.most == 0
