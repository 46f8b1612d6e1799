"""Configurations are found in a document of each form in which tools write it."""

from __future__ import annotations

from typing import Any

import pytest

from firnline.s3.documents import configurations_in
from firnline.s3.law.header import MEMBER
from firnline.s3.model import MinimumSize
from firnline.s3.read_shape import read_configuration

RULES = [{"ID": "a", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 9}}]


def test_the_header_beside_a_wrapped_configuration_is_not_lost() -> None:
    document = {
        "Bucket": "lab",
        "LifecycleConfiguration": {"Rules": RULES},
        "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
    }
    (found,) = configurations_in(document)
    assert found.shape is not None
    rules = read_configuration(found.shape)
    assert rules.minimum_size is MinimumSize.VARIES
    assert [rule.id for rule in rules.rules] == ["a"]


ONE = {"Rules": RULES}


@pytest.mark.parametrize(
    ("document", "places"),
    [
        (ONE, [((), None)]),
        ({"LifecycleConfiguration": ONE}, [(("LifecycleConfiguration",), None)]),
        ({"LifecycleConfiguration": {}}, [(("LifecycleConfiguration",), None)]),
        ({"1/a/b": ONE, "1/a/c": None}, [(("1/a/b",), "1/a/b"), (("1/a/c",), "1/a/c")]),
        ({"b": ONE, "made": "today"}, [(("b",), "b")]),
        ({"b": {"Bucket": "b"}}, []),
        ({}, []),
    ],
    ids=["alone", "wrapped", "empty", "by bucket", "beside others", "other JSON", "{}"],
)
def test_configurations_are_found_where_they_stand(
    document: dict[str, Any], places: list[tuple[tuple[str, ...], str | None]]
) -> None:
    found = configurations_in(document)
    assert [(each.keys, each.bucket) for each in found] == places


@pytest.mark.parametrize(
    ("document", "keys"),
    [
        ({**ONE, MEMBER: "x"}, (MEMBER,)),
        ({"LifecycleConfiguration": ONE, MEMBER: "x"}, (MEMBER,)),
        ({"LifecycleConfiguration": {**ONE, MEMBER: "x"}}, ("LifecycleConfiguration", MEMBER)),
        ({"b": {**ONE, MEMBER: "x"}}, ("b", MEMBER)),
    ],
    ids=["alone", "beside the wrapper", "in the wrapper", "by bucket"],
)
def test_the_header_is_found_where_it_stands(
    document: dict[str, object], keys: tuple[str, ...]
) -> None:
    (found,) = configurations_in(document)
    assert found.header_keys == keys
    assert (found.shape or {})[MEMBER] == "x"
