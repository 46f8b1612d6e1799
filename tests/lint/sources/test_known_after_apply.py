"""Blocks and whole lists that a plan leaves open are neither empty nor anything in particular."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lint.sources.terraform_files import (
    LIFECYCLE,
    change,
    expiration,
    filter_block,
    found_in_file,
    lifecycle,
    plan,
    rule,
)

GOOD = rule(
    filter=filter_block(prefix="logs/"),
    expiration=expiration(days=30),
    noncurrent_version_expiration=[{"noncurrent_days": 7}],
)


def found(rules: Any, unknown: Any) -> list[str]:
    changed = change(f"{LIFECYCLE}.logs", "create", after_unknown={"rule": unknown})
    values = {} if rules is None else {"rule": rules}
    resource = lifecycle(bucket="lake") | {"values": {"bucket": "lake", **values}}
    document = plan(resource, resource_changes=[changed])
    return sorted(each.kind.code for each in found_in_file(document))


def lacking(block: str) -> list[dict[str, Any]]:
    return [{name: value for name, value in GOOD.items() if name != block}]


@pytest.mark.parametrize("rules", [None, [], [None]])
def test_rules_that_are_not_known_are_not_missing(rules: Any) -> None:
    assert found(rules, [True] if rules == [None] else True) == ["FL246"]


@pytest.mark.parametrize("block", ["filter", "expiration", "noncurrent_version_expiration"])
@pytest.mark.parametrize("shown", ["left out", "empty"])
def test_a_block_that_is_not_known_is_not_missing(block: str, shown: str) -> None:
    rules = lacking(block) if shown == "left out" else [{**GOOD, block: []}]
    assert found(rules, [{block: True}]) == ["FL246"]


@pytest.mark.parametrize(
    "block",
    ["transition", "noncurrent_version_transition", "abort_incomplete_multipart_upload"],
)
def test_an_action_that_is_not_known_may_be_any(block: str) -> None:
    assert found(lacking(block), [{block: True}]) == ["FL246"]
    assert found([{**GOOD, block: [None]}], [{block: [True]}]) == ["FL246"]


@pytest.mark.parametrize(("known", "tags"), [(None, True), ({"a": "b"}, {"c": True})])
def test_tags_that_are_not_known_are_not_missing(known: Any, tags: Any) -> None:
    both = filter_block(**{"and": [{"prefix": "logs/", "tags": known}]})
    unknown = [{"filter": [{"and": [{"tags": tags}]}]}]
    assert found([{**GOOD, "filter": both}], unknown) == ["FL246"]


def test_a_known_rule_beside_unknown_ones_is_judged() -> None:
    refused = {**GOOD, "id": "bad", "expiration": expiration(days=30), "status": "on"}
    assert found([refused, None], [False, True]) == ["FL221", "FL246"]


def test_what_a_value_says_beside_a_sign_that_it_is_not_known_is_taken() -> None:
    assert found([{**GOOD, "status": "on"}], [{"status": True}]) == ["FL221"]


COMPUTED: dict[str, Any] = {
    "prefix": True,
    "filter": [{"object_size_greater_than": True, "object_size_less_than": True}],
    "expiration": [{"expired_object_delete_marker": True}],
    "noncurrent_version_expiration": [{"newer_noncurrent_versions": True}],
}
"""What some versions of the provider leave open where nobody sets it."""


def configured(rules: Any, unknown: Any, written: Any) -> list[str]:
    """With the expressions of the configuration."""
    address = f"{LIFECYCLE}.logs"
    document = plan(
        lifecycle(*rules, bucket="lake"),
        resource_changes=[change(address, "create", after_unknown={"rule": unknown})],
        configuration={
            "root_module": {"resources": [{"address": address, "expressions": {"rule": written}}]}
        },
    )
    return sorted(each.kind.code for each in found_in_file(document))


STATIC: dict[str, Any] = {
    "filter": [{"prefix": {}}],
    "expiration": [{"days": {}}],
    "noncurrent_version_expiration": [{"noncurrent_days": {}}],
}


def test_what_the_provider_computes_where_nobody_sets_it_is_not_open() -> None:
    assert configured([GOOD], [COMPUTED], [STATIC]) == []
    newer = {**STATIC, "noncurrent_version_expiration": [{"newer_noncurrent_versions": {}}]}
    assert configured([GOOD], [COMPUTED], [newer]) == ["FL246"]
    prefix = {**COMPUTED, "filter": [{"prefix": True}]}
    unfiltered = {**GOOD, "filter": filter_block()}
    assert configured([unfiltered], [prefix], [STATIC]) == ["FL246"]


def test_blocks_that_may_be_dynamic_stay_open() -> None:
    assert configured([{**GOOD, "transition": []}], [{"transition": True}], [STATIC]) == ["FL246"]
    assert configured([GOOD, None], [COMPUTED, True], [STATIC]) == ["FL246"]


@pytest.mark.parametrize(
    ("rules", "unknown"),
    [
        (GOOD, {"prefix": True}),
        (GOOD, {"filter": [{"object_size_less_than": True}]}),
        (GOOD, {"expiration": [{"expired_object_delete_marker": True}]}),
        (
            {**GOOD, "expiration": expiration(date="2100-01-01T00:00:00Z")},
            {"expiration": [{"days": True}]},
        ),
    ],
)
def test_what_nobody_sets_beside_what_is_known_is_not_open(rules: Any, unknown: Any) -> None:
    assert set(found([rules], [unknown])) <= {"FL244"}


def test_one_of_several_predicates_that_are_not_known_is_set() -> None:
    unknown = [{"filter": [{"prefix": True, "object_size_greater_than": True}]}]
    assert found([{**GOOD, "filter": filter_block()}], unknown) == ["FL246"]
