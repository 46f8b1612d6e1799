"""Whatever the policy: if it compiles, S3 does to every key what its owner asks, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product
from typing import Any, NamedTuple

from hypothesis import assume, event, given, settings

from firnline.pipeline import compile_files
from firnline.s3.read_shape import read_configuration
from firnline.s3.shape import to_s3
from tests.rules.oracle import UNREACHABLE, Stored, first_day, story
from tests.rules.strategies import KEYS, policies

SIZES = (1, 1024, 1025, 65_535, 65_536, 131_071, 131_072, 2**20 + 1, 2**21, 2**30, 2**40)
STARTS = (("STANDARD", 0), ("STANDARD_IA", 12), ("INTELLIGENT_TIERING", 40), ("GLACIER_IR", 0))
# A third of all combinations, spread evenly.
OBJECTS = [
    Stored(key, tag, size, held, age)
    for number, (key, tag, size, (held, age)) in enumerate(
        product(KEYS, (None, "x", "y"), SIZES, STARTS)
    )
    if number % 3 == 0
]
GAPS = {
    "STANDARD_IA": 30,
    "ONEZONE_IA": 30,
    "INTELLIGENT_TIERING": 1,
    "GLACIER_IR": 90,
    "GLACIER": 90,
}
DEFAULTS = {"warm": "STANDARD_IA", "cold": "GLACIER_IR", "archive": "DEEP_ARCHIVE"}


@settings(max_examples=150, deadline=None)
@given(policies())
def test_what_compiles_does_to_every_key_what_the_narrowest_retention_requires(
    policy: dict[str, Any],
) -> None:
    compilation = compile_files({"p.yaml": json.dumps(policy).encode()}, with_remedies=False)
    event("compiles" if not compilation.failed else "is refused")
    assume(not compilation.failed)
    (bucket,) = compilation.buckets
    rules = to_s3(bucket.rules)["Rules"]
    keeps = policy["versioning"] != "off"
    for stored in OBJECTS:
        asked = alone(policy, stored, None)
        got = story(rules, stored, keeps_versions=keeps)
        assert got == story(asked, stored, keeps_versions=keeps), stored
        if not keeps:
            continue  # no noncurrent versions, and what is wrong with their settings is a note
        asked = alone(policy, stored, "old_versions")
        for newer in (0, 2, 3):
            version = replace(stored, newer=newer)
            got = story(rules, version, old=True, keeps_versions=keeps)
            assert got == story(asked, version, old=True, keeps_versions=keeps), version
    for key in KEYS:
        assert not keeps or _markers_go(rules, key) == _asked_markers_go(policy, key)
        abort = first_day(rules, key, "AbortIncompleteMultipartUpload", "DaysAfterInitiation")
        assert abort == _asked_abort(policy, key)


@settings(max_examples=100, deadline=None)
@given(policies())
def test_what_s3_returns_reads_back_as_the_same_rules(policy: dict[str, Any]) -> None:
    for bucket in compile_files(
        {"p.yaml": json.dumps(policy).encode()}, with_remedies=False
    ).buckets:
        assert read_configuration(to_s3(bucket.rules)) == bucket.rules


@settings(max_examples=100, deadline=None)
@given(policies())
def test_no_rule_breaks_what_s3_accepts(policy: dict[str, Any]) -> None:
    for bucket in compile_files(
        {"p.yaml": json.dumps(policy).encode()}, with_remedies=False
    ).buckets:
        rules = to_s3(bucket.rules)["Rules"]
        assert 1 <= len(rules) <= 1000
        assert len({rule["ID"] for rule in rules}) == len(rules)
        for rule in rules:
            assert {"ID", "Filter", "Status"} < rule.keys()
            for steps, day in (
                ("Transitions", "Days"),
                ("NoncurrentVersionTransitions", "NoncurrentDays"),
            ):
                for one, two in pairwise(rule.get(steps, [])):
                    origin, target = one["StorageClass"], two["StorageClass"]
                    assert (origin, target) not in UNREACHABLE
                    assert two[day] - one[day] >= GAPS[origin]
            old_moves = [
                each["NoncurrentDays"] for each in rule.get("NoncurrentVersionTransitions", [])
            ]
            old_end = rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays", 10**9)
            assert all(day < old_end for day in old_moves)
            assert len(rule["ID"]) <= 255
            assert len(rule.get("Expiration", {})) <= 1
            days = [each["Days"] for each in rule.get("Transitions", [])]
            assert days == sorted(set(days))
            assert all(day < rule.get("Expiration", {}).get("Days", 10**9) for day in days)


def owner_of(policy: dict[str, Any], stored: Stored, clock: str | None) -> dict[str, Any] | None:
    """The narrowest that speaks of a clock and matches: one that no other of them lies within."""
    speaking: list[tuple[Scope, dict[str, Any]]] = []
    if clock is not None and clock in policy:
        speaking.append((Scope("", None, 0, 2**63), policy))
    for retention in policy["retain"].values():
        if clock is None or clock in retention:
            speaking += [(scope, retention) for scope in _scopes(retention)]
    holding = [(scope, said) for scope, said in speaking if scope.matches(stored)]
    narrowest = [
        said
        for scope, said in holding
        if not any(other != scope and other.within(scope) for other, _ in holding)
    ]
    return narrowest[0] if narrowest else None


class Scope(NamedTuple):
    prefix: str
    tag: str | None
    smallest: int
    largest: int

    def matches(self, stored: Stored) -> bool:
        return (
            stored.key.startswith(self.prefix)
            and self.tag in (None, stored.tag)
            and self.smallest <= stored.size <= self.largest
        )

    def within(self, other: Scope) -> bool:
        return (
            self.prefix.startswith(other.prefix)
            and other.tag in (None, self.tag)
            and other.smallest <= self.smallest
            and self.largest <= other.largest
        )


def _scopes(retention: dict[str, Any]) -> Iterator[Scope]:
    tags = retention.get("tags", {}).get("t")
    size = retention.get("size", {})
    smallest = _bytes(size["over"]) + 1 if "over" in size else 0
    largest = _bytes(size["under"]) - 1 if "under" in size else 2**63
    for prefix in retention["prefix"]:
        for tag in tags if isinstance(tags, list) else [tags]:
            yield Scope(prefix, tag, smallest, largest)


def _bytes(text: str) -> int:
    return (
        int(text.rstrip("KMGiB"))
        * {"B": 1, "K": 2**10, "M": 2**20, "G": 2**30}[text.lstrip("0123456789")[0]]
    )


def alone(policy: dict[str, Any], stored: Stored, clock: str | None) -> list[dict[str, Any]]:
    """What the owner asks for, as if its settings were the only rules."""
    owner = owner_of(policy, stored, clock)
    if owner is None:
        return []
    asked = owner if clock is None else owner[clock]
    classes = DEFAULTS | policy["storage_classes"]
    day = "Days" if clock is None else "NoncurrentDays"
    end = "Expiration" if clock is None else "NoncurrentVersionExpiration"
    always: dict[str, Any] = {"Status": "Enabled", "Filter": {"Prefix": ""}}
    rules = []
    if stored.size >= _bytes(owner.get("smallest_move", "128KiB")):
        moves = [
            {day: int(asked[f"{tier}_after"][:-1]), "StorageClass": name}
            for tier, name in classes.items()
            if f"{tier}_after" in asked
        ]
        steps = "Transitions" if clock is None else "NoncurrentVersionTransitions"
        rules.append({**always, "Filter": {"ObjectSizeGreaterThan": 0}, steps: moves})
    if asked["delete_after"] != "never":
        days = {day: int(asked["delete_after"][:-1])}
        match asked.get("keep_newest"):
            case str() as count:
                days["NewerNoncurrentVersions"] = int(count)
            case {"count": count, "delete_after": later}:
                days["NewerNoncurrentVersions"] = int(count)
                rules.append({**always, end: {day: int(later[:-1])}})
            case other:
                assert other is None, other
        rules.append({**always, end: days})
    return rules


def _markers_go(rules: list[dict[str, Any]], key: str) -> bool:
    return any(
        key.startswith(rule["Filter"]["Prefix"])
        for rule in rules
        if rule.get("Expiration", {}).get("ExpiredObjectDeleteMarker")
    )


def _asked_markers_go(policy: dict[str, Any], key: str) -> bool:
    """Markers go where the narrowest that speaks of ending noncurrent versions lets them end."""
    speaking = [(-1, policy)] if "old_versions" in policy else []
    speaking += [
        (len(prefix), retention)
        for retention in policy["retain"].values()
        if "old_versions" in retention
        for prefix in retention["prefix"]
        if key.startswith(prefix)
    ]
    return any(each["old_versions"]["delete_after"] != "never" for _, each in speaking)


def _asked_abort(policy: dict[str, Any], key: str) -> int | None:
    owner = owner_of(policy, Stored(key, None, 2**20, "STANDARD", 0), "uploads")
    return int(owner["uploads"]["abort_after"][:-1]) if owner else None
