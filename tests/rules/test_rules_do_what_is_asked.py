"""Whatever the policy: if it compiles, S3 does to every key what its owner asks, and no more."""

from __future__ import annotations

import json
from itertools import pairwise, product
from typing import Any

from hypothesis import assume, event, given, settings

from firnline.pipeline import compile_files
from firnline.rules.s3_shape import from_s3, to_s3
from tests.rules.oracle import UNREACHABLE, first_day, story
from tests.rules.strategies import KEYS, policies

STARTING_CLASSES = ("STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER")
STARTING_AGES = (0, 12, 40)
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
def test_what_compiles_does_to_every_key_what_the_narrowest_retention_asks(
    policy: dict[str, Any],
) -> None:
    compilation = compile_files({"p.yaml": json.dumps(policy).encode()})
    event("compiles" if not compilation.failed else "is refused")
    assume(not compilation.failed)
    (bucket,) = compilation.buckets
    rules = to_s3(bucket.rules)["Rules"]
    keeps = policy["versioning"] != "off"
    for key, held, age in product(KEYS, STARTING_CLASSES, STARTING_AGES):
        start = {"keeps_versions": keeps, "held": held, "age": age}
        assert story(rules, key, **start) == story(_alone(policy, key, None), key, **start)
        asked = story(_alone(policy, key, "old_versions"), key, old=True, **start)
        assert story(rules, key, old=True, **start) == asked
    for key in KEYS:
        assert _markers_go(rules, key) == _asked_markers_go(policy, key)
        abort = first_day(rules, key, "AbortIncompleteMultipartUpload", "DaysAfterInitiation")
        assert abort == _asked_abort(policy, key)


@settings(max_examples=100, deadline=None)
@given(policies())
def test_what_s3_returns_reads_back_as_the_same_rules(policy: dict[str, Any]) -> None:
    for bucket in compile_files({"p.yaml": json.dumps(policy).encode()}).buckets:
        assert from_s3(to_s3(bucket.rules)) == bucket.rules


@settings(max_examples=100, deadline=None)
@given(policies())
def test_no_rule_breaks_what_s3_accepts(policy: dict[str, Any]) -> None:
    for bucket in compile_files({"p.yaml": json.dumps(policy).encode()}).buckets:
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


def _owner(policy: dict[str, Any], key: str, clock: str | None) -> dict[str, Any] | None:
    """The settings of the narrowest retention that speaks of a clock, by the policy's own text."""
    spoken = [(-1, policy)] if clock in policy else []
    for retention in policy["retain"].values():
        if clock is None or clock in retention:
            spoken += [
                (len(prefix), retention) for prefix in retention["prefix"] if key.startswith(prefix)
            ]
    _, owner = max(spoken, key=lambda each: each[0], default=(0, None))
    return owner


def _alone(policy: dict[str, Any], key: str, clock: str | None) -> list[dict[str, Any]]:
    """What the owner asks for, as if its settings were the only rule."""
    owner = _owner(policy, key, clock)
    if owner is None:
        return []
    asked = owner if clock is None else owner[clock]
    classes = DEFAULTS | policy["storage_classes"]
    day = "Days" if clock is None else "NoncurrentDays"
    moves = [
        {day: int(asked[f"{tier}_after"][:-1]), "StorageClass": name}
        for tier, name in classes.items()
        if f"{tier}_after" in asked
    ]
    rule: dict[str, Any] = {"Status": "Enabled", "Filter": {"Prefix": ""}}
    rule["Transitions" if clock is None else "NoncurrentVersionTransitions"] = moves
    if asked["delete_after"] != "never":
        end = {day: int(asked["delete_after"][:-1])}
        rule["Expiration" if clock is None else "NoncurrentVersionExpiration"] = end
    return [rule]


def _markers_go(rules: list[dict[str, Any]], key: str) -> bool:
    return any(
        rule.get("Expiration", {}).get("ExpiredObjectDeleteMarker")
        for rule in rules
        if key.startswith(rule["Filter"]["Prefix"])
    )


def _asked_markers_go(policy: dict[str, Any], key: str) -> bool:
    """Markers go where the narrowest that speaks of ending old versions lets them end."""
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
    owner = _owner(policy, key, "uploads")
    return int(owner["uploads"]["abort_after"][:-1]) if owner else None
