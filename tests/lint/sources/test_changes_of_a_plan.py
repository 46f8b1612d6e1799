"""What a plan removes, what is missing from it, and what in it is not for S3, is said."""

from __future__ import annotations

from typing import Any

import pytest

from firnline.diagnostics.kinds import Severity
from tests.lint.sources.terraform_files import (
    LIFECYCLE,
    change,
    codes,
    expiration,
    filter_block,
    found_in_file,
    lifecycle,
    plan,
    resource,
    rule,
    state,
)

ADDRESS = f"{LIFECYCLE}.logs"
GOOD = rule(
    filter=filter_block(prefix="logs/"),
    expiration=expiration(days=30),
    noncurrent_version_expiration=[{"noncurrent_days": 7}],
)
LAKE = {"bucket": "lake", "rule": [GOOD]}


def removed(*actions: str, **members: Any) -> list[tuple[str, Severity, str]]:
    changed = change(ADDRESS, *actions, before=LAKE, **members)
    resources = [lifecycle(GOOD, bucket="lake")] if "create" in actions else []
    found = found_in_file(plan(*resources, resource_changes=[changed]))
    assert all(each.about == ADDRESS for each in found if each.kind.code == "FL252")
    return [(each.kind.code, each.severity, each.message) for each in found]


def test_a_destroyed_configuration_is_named_with_its_bucket() -> None:
    assert removed("delete") == [
        ("FL252", Severity.WARNING, "this plan removes all lifecycle rules of bucket `lake`")
    ]


def test_a_replaced_configuration_removes_the_rules_of_the_bucket_that_it_leaves() -> None:
    ((code, _, message),) = removed("delete", "create", after={**LAKE, "bucket": "lake-2"})
    assert (code, "of bucket `lake`" in message) == ("FL252", True)


def test_a_configuration_that_is_created_before_its_old_one_is_destroyed_is_removed() -> None:
    ((code, _, message),) = removed("create", "delete", after=LAKE)
    assert code == "FL252"
    assert "destroyed after the new one" in message


@pytest.mark.parametrize("actions", [("delete", "create"), ("update",), ("no-op",), ("forget",)])
def test_rules_that_stay_or_come_back_at_once_are_not_removed(actions: tuple[str, ...]) -> None:
    assert [code for code, *_ in removed(*actions, after=LAKE)] in ([], ["FL247"])


def test_nothing_is_said_where_the_bucket_goes_too() -> None:
    bucket = change("aws_s3_bucket.lake", "delete", before={"bucket": "lake"})
    gone = change(ADDRESS, "delete", before=LAKE)
    assert codes(plan(resource_changes=[gone, bucket])) == ["FL247"]


def test_inline_rules_that_are_taken_out_are_removed() -> None:
    before = {"bucket": "lake", "lifecycle_rule": [{"id": "old", "enabled": True}]}
    after = {"bucket": "lake", "lifecycle_rule": []}
    changed = change("aws_s3_bucket.lake", "update", before=before, after=after)
    document = plan(resource("aws_s3_bucket.lake", 0, **after), resource_changes=[changed])
    assert codes(document) == ["FL252"]


@pytest.mark.parametrize(("member", "value"), [("errored", True), ("complete", False)])
def test_an_incomplete_plan_is_said_to_be_one(member: str, value: bool) -> None:
    assert codes(plan(**{member: value})) == ["FL254"]
    assert codes(plan(lifecycle(GOOD, bucket="lake"), **{member: not value})) == []


def test_deferred_changes_make_a_plan_incomplete_and_are_named() -> None:
    of_rules = {"reason": "instance_count_unknown", "resource_change": change(ADDRESS, "create")}
    of_others = {"reason": "x", "resource_change": change("aws_s3_object.y", "create")}
    (found,) = found_in_file(plan(deferred_changes=[of_rules, of_others]))
    assert found.kind.code == "FL254"
    assert found.message == (
        f"2 changes deferred, among them `{ADDRESS}`: rules may be missing from it"
    )
    assert codes(plan(deferred_changes=[of_others], complete=False)) == ["FL254"]
    assert codes(plan(lifecycle(GOOD, bucket="lake"), deferred_changes=[])) == []


def test_rules_of_other_services_are_named_and_not_judged() -> None:
    outposts = "aws_s3control_bucket_lifecycle_configuration.x"
    documents = plan(
        resource(outposts, 0, rule=[{"expiration": [{"days": 0}]}]),
        resource("google_storage_bucket.y", 0, lifecycle_rule=[{"action": []}]),
        resource("google_storage_bucket.z", 0, lifecycle_rule=[]),
    )
    found = found_in_file(documents)
    assert [(each.kind.code, each.about) for each in found] == [
        ("FL253", outposts),
        ("FL253", "google_storage_bucket.y"),
    ]
    assert "S3 on Outposts" in found[0].message


@pytest.mark.parametrize(
    "document",
    [plan(), state(), {"format_version": "1.0"}, plan(prior_state=state(lifecycle("bad")))],
    ids=["a plan", "a state", "an empty state", "a state before the plan"],
)
def test_where_nothing_is_planned_there_is_nothing_to_check(document: Any) -> None:
    (found,) = found_in_file(document)
    assert (found.kind.code, found.severity) == ("FL247", Severity.NOTE)


def test_data_sources_are_not_planned() -> None:
    read = {**lifecycle(rule(status="off"), bucket="lake"), "mode": "data"}
    assert codes(plan(read)) == ["FL247"]
