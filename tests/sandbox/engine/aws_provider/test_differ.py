"""What counts as a change, and where it is."""

import threading
from typing import Any

import pytest

from sandbox.engine.aws_provider.config_shape import ProviderConfig
from sandbox.engine.aws_provider.credentials import Account
from sandbox.engine.aws_provider.differ import Change, differences
from sandbox.engine.aws_provider.lifecycle import LifecycleConfiguration
from sandbox.engine.aws_provider.lifecycle_shape import SHAPE
from sandbox.engine.aws_provider.properties import UNKNOWN, from_struct, text_of, to_struct
from sandbox.engine.aws_provider.waiting import Wait

RESOURCE = LifecycleConfiguration(Account(ProviderConfig("us-east-1")), Wait(), threading.Event())


def inputs(**changes: Any) -> dict[str, Any]:
    rule = {"id": "r", "status": "Enabled", "filter": {"prefix": "x"}, "expiration": {"days": 180}}
    return {"bucket": "b", "region": "us-east-1", "rules": [rule]} | changes


def changed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, tuple[Change, bool]]:
    found = differences(RESOURCE.normal(old), RESOURCE.normal(new), SHAPE)
    return {text_of(one.path): (one.change, one.replaces) for one in found}


def with_rule(**parts: Any) -> dict[str, Any]:
    return inputs(rules=[inputs()["rules"][0] | parts])


def test_equal_inputs_have_no_difference_whatever_the_numbers_travel_as() -> None:
    assert changed(from_struct(to_struct(inputs())), inputs()) == {}


def test_one_changed_leaf_is_one_path() -> None:
    new = with_rule(expiration={"days": 181})
    assert changed(inputs(), new) == {"rules[0].expiration.days": (Change.UPDATE, False)}


def test_a_rule_that_comes_or_goes_is_one_path() -> None:
    rule = inputs()["rules"][0]
    two = inputs(rules=[rule, rule | {"id": "s"}])
    assert changed(inputs(), two) == {"rules[1]": (Change.ADD, False)}
    assert changed(two, inputs()) == {"rules[1]": (Change.DELETE, False)}


@pytest.mark.parametrize(
    ("key", "value"), [("bucket", "c"), ("bucket", UNKNOWN), ("region", "eu-west-1")]
)
def test_bucket_and_region_replace(key: str, value: str) -> None:
    assert changed(inputs(), inputs(**{key: value})) == {key: (Change.UPDATE, True)}


def test_an_expected_owner_replaces() -> None:
    new = inputs(expectedBucketOwner="012345670123")
    assert changed(inputs(), new) == {"expectedBucketOwner": (Change.ADD, True)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (with_rule(filter={}), with_rule(filter={"prefix": ""})),
        (with_rule(prefix=""), inputs()),
        (inputs(), inputs(transitionDefaultMinimumObjectSize="all_storage_classes_128K")),
        (
            with_rule(expiration={"days": 180, "expiredObjectDeleteMarker": False}),
            inputs(),
        ),
        (
            with_rule(filter={"and": {"prefix": "x", "objectSizeGreaterThan": 0}}),
            with_rule(filter={"and": {"prefix": "x"}}),
        ),
        (
            with_rule(transitions=[{"days": 1, "storageClass": "A"}, {"storageClass": "B"}]),
            with_rule(
                transitions=[{"days": 0, "storageClass": "B"}, {"days": 1, "storageClass": "A"}]
            ),
        ),
    ],
)
def test_two_ways_of_saying_the_same_are_no_difference(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    assert changed(old, new) == {}


def test_keys_that_are_no_names_are_quoted_in_paths() -> None:
    old = with_rule(filter={"and": {"prefix": "x", "tags": {"a.b": "1"}}})
    new = with_rule(filter={"and": {"prefix": "x", "tags": {"a.b": "2"}}})
    assert list(changed(old, new)) == ['rules[0].filter.and.tags["a.b"]']
