"""Whoever owns the retention of an object is named for each prefix above it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.language.read_files import read_files
from firnline.rules.coverage import programs_of
from firnline.rules.owners import ownership
from firnline.rules.owners_below import owners_below
from firnline.rules.program import Program
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Clock
from tests.rules.strategies import KEYS, PREFIXES, policies

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
TAGS: list[tuple[tuple[str, str], ...]] = [(), (("t", "x"),), (("t", "y"),)]
SIZES = (1, 1_000_000, 2**31)


@settings(max_examples=60, deadline=None)
@given(st.lists(policies(), min_size=1, max_size=3))
def test_the_owner_of_each_object_is_named_for_each_prefix_above_it(
    documents: list[dict[str, Any]],
) -> None:
    for program in programs(documents):
        for prefix in PREFIXES:
            found = owners_below(program, prefix)
            below = {
                owner
                for key in [*KEYS, *PREFIXES]
                if key.startswith(prefix)
                for tags in TAGS
                for size in SIZES
                if (owner := _owner(program, StoredItem(f"{key}?", CREATED, size, tags=tags)))
            }
            assert below <= set(found)


WIDE = {"prefix": "a/", "delete_after": "90d"}


@pytest.mark.parametrize(
    ("narrow", "prefix", "owners"),
    [
        ({"prefix": "a/b/"}, "a/", ["owner 0", "owner 1"]),
        ({"prefix": "a/b/"}, "a/b/", ["owner 1"]),
        ({"prefix": "a/b/"}, "a/b/c/", ["owner 1"]),
        ({"prefix": "a/b/"}, "a/c/", ["owner 0"]),
        ({"prefix": "a/b/"}, "b/", []),
        ({"prefix": "a/b/"}, "", ["owner 0", "owner 1"]),
        ({"prefix": "a/b/", "tags": {"t": "x"}}, "a/b/", ["owner 1", "owner 0"]),
        ({"prefix": "a/", "size": {"over": "1MiB"}}, "a/b/", ["owner 1", "owner 0"]),
    ],
)
def test_who_owns_nothing_there_is_not_named(
    narrow: dict[str, Any], prefix: str, owners: list[str]
) -> None:
    narrow = {"delete_after": "30d", **narrow}
    (program,) = programs([_policy(WIDE), _policy(narrow)])
    assert list(owners_below(program, prefix)) == owners


def _policy(retention: dict[str, Any]) -> dict[str, Any]:
    return {
        "firnline": "policy/v1",
        "why": "a test",
        "applies_to": [{"account": "lab", "buckets": "lab-data"}],
        "retain": {"it": retention},
    }


def _owner(program: Program, item: StoredItem) -> str | None:
    owned = next(each.owner for each in ownership(program, item) if each.clock is Clock.OBJECTS)
    return owned.unit.policy.owner.value if owned else None


def programs(documents: Sequence[dict[str, Any]]) -> list[Program]:
    files = {
        f"p{number}.yaml": json.dumps(
            {**each, "policy": f"p{number}", "owner": f"owner {number}"}
        ).encode()
        for number, each in enumerate(documents)
    }
    folder, _ = read_files(files)
    return list(programs_of(folder))
