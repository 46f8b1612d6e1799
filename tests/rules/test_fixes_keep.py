"""No fix lets anything end sooner, or end at all, than the policy said before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import product
from math import inf
from typing import Any

import pytest
import yaml
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from firnline.catalog import catalog
from firnline.diagnostics.fix import apply
from firnline.diagnostics.kinds import Diagnostic
from firnline.pipeline import compile_files
from tests.policies import whole
from tests.rules.strategies import KEYS, policies

EXCEPTED = {
    "FL310",  # it ends old versions, and says so: a week in which to recover what is deleted
    "FL314",  # it changes the prefix: which objects are meant, not how long they stay
}
SIZES = [1, 2_000, 2_000_000, 2_000_000_000]
CLOCKS = [("delete_after", None), ("delete_after", "old_versions"), ("abort_after", "uploads")]


def fixed(text: str) -> Iterator[tuple[Diagnostic, str]]:
    for found in compile_files({"p.yaml": text.encode()}).diagnostics:
        if found.fix is not None and found.kind.code not in EXCEPTED:
            yield found, apply(text, [found.fix])[0]


def lives(policy: dict[str, Any]) -> dict[tuple[object, ...], float]:
    """How many days the policy says that each of many objects, versions and uploads stays."""
    return {
        (key, tag, size, clock, newer): life(policy, key, tag, size, clock, newer)
        for key, tag, size in product(KEYS, [None, "x", "y"], SIZES)
        for clock, newer in product(CLOCKS, [0, 1, 2, 3])
    }


def life(
    policy: dict[str, Any],
    key: str,
    tag: str | None,
    size: int,
    clock: tuple[str, str | None],
    newer: int,
) -> float:
    """What the narrowest retention says that covers it; the soonest end, if none is narrowest."""
    said = [
        (filter, days(each, clock, newer))
        for each in [{"prefix": ""} | policy, *policy["retain"].values()]
        if (each is not policy and clock[1] is None and "delete_after" in each) or clock[1] in each
        for filter in filters(each)
        if covers(filter, key, tag, size)
    ]
    return min(
        (end for at, end in said if not any(is_within(other, at) for other, _ in said)), default=inf
    )


Filter = tuple[str, str | None, int, float]


def filters(said: dict[str, Any]) -> Iterator[Filter]:
    prefixes, tags = said["prefix"], said.get("tags", {"t": None})["t"]
    size = said.get("size", {})
    over = in_bytes(size["over"]) + 1 if "over" in size else 0
    under = in_bytes(size["under"]) - 1 if "under" in size else inf
    for prefix in prefixes if isinstance(prefixes, list) else [prefixes]:
        for tag in tags if isinstance(tags, list) else [tags]:
            yield prefix, tag, over, under


def in_bytes(said: str) -> int:
    units = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "B": 1}
    unit = next(unit for unit in units if said.endswith(unit))
    return int(said.removesuffix(unit)) * units[unit]


def covers(filter: Filter, key: str, tag: str | None, size: int) -> bool:
    prefix, only, least, most = filter
    return key.startswith(prefix) and only in (None, tag) and least <= size <= most


def is_within(inner: Filter, outer: Filter) -> bool:
    return inner != outer and (
        inner[0].startswith(outer[0])
        and outer[1] in (None, inner[1])
        and outer[2] <= inner[2]
        and inner[3] <= outer[3]
    )


def days(said: dict[str, Any], clock: tuple[str, str | None], newer: int) -> float:
    key, below = clock
    said = said if below is None else said[below]
    end = in_days(said.get(key, "never"))
    newest = said.get("keep_newest", "0")
    if not isinstance(newest, dict):
        newest = {"count": newest}
    kept = in_days(newest.get("delete_after", "never"))
    return kept if newer < int(newest["count"]) and end < inf else end


def in_days(said: str) -> float:
    units = {"d": 1, "w": 7, "y": 365.25}
    return inf if said == "never" else int(float(said[:-1]) * units[said[-1]])


def assert_none_ends_anything_sooner(text: str, fixes: list[tuple[Diagnostic, str]]) -> None:
    before = lives(yaml.safe_load(text))
    for found, better in fixes:
        after = lives(yaml.safe_load(better))
        sooner = [(what, end, after[what]) for what, end in before.items() if after[what] < end]
        assert not sooner, found.kind.code


@settings(deadline=None)
@given(policies(), st.sampled_from([json.dumps, yaml.safe_dump]))
def test_whatever_the_policy_no_fix_makes_anything_end_sooner(
    policy: dict[str, Any], written: Callable[[dict[str, Any]], str]
) -> None:
    text = written(policy)
    fixes = [*fixed(text)]
    assume(fixes)
    for found, _ in fixes:
        event(found.kind.code)
    assert_none_ends_anything_sooner(text, fixes)


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("delete_after: 9d, keep_newest: 3", "delete_after: 60d"),
        ("delete_after: 9d, keep_newest: 3", "delete_after: 60d, keep_newest: 2"),
        (
            "delete_after: 9d, keep_newest: {count: 3, delete_after: 90d}",
            "delete_after: 60d, keep_newest: {count: 1, delete_after: 70d}",
        ),
        ("delete_after: 30d", "delete_after: 7d, keep_newest: {count: 3, delete_after: 60d}"),
    ],
)
def test_a_parent_that_takes_the_longer_life_of_a_child_loses_none_of_its_own(
    outer: str, inner: str
) -> None:
    text = whole(
        "versioning: enabled\nretain:\n"
        f"  outer: {{prefix: a/, delete_after: never, old_versions: {{{outer}}}}}\n"
        f"  inner: {{prefix: a/b/, delete_after: never, old_versions: {{{inner}}}}}\n"
    )
    fixes = [*fixed(text)]
    assert [found.kind.code for found, _ in fixes] == ["FL301"]
    assert_none_ends_anything_sooner(text, fixes)
    assert [*fixed(fixes[0][1])] == []


def test_versions_that_are_kept_for_ever_get_no_end_from_a_fix() -> None:
    (wrong,) = (kind.wrong for kind in catalog() if kind.code == "FL319")
    assert isinstance(wrong, str)
    (found,) = compile_files({"p.yaml": whole(wrong).encode()}).diagnostics
    assert (found.kind.code, found.fix) == ("FL319", None)
