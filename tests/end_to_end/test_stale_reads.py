"""S3 answers with what held before the last write, and a foreign rule hides behind that answer."""

from __future__ import annotations

import json

import pytest

from firnline.s3.shape import Json, to_s3
from sandbox.world.accounts import DEV, PROD_EU, PROD_US
from tests.docs.pages import section
from tests.end_to_end.stack import Aws, Project
from tests.end_to_end.test_refused import BY_HAND, add_manually, change_a_number
from tests.waiting import wait_for

READ, WRITE = "GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration"
THE_LOOK, RIGHT_BEFORE, OF_THE_PROVIDER = 3, 1, 1


def ids(aws: Aws, bucket: str) -> set[str]:
    live = aws.live()[bucket]
    assert live is not None
    return {rule["ID"] for rule in live["Rules"]}


def printed(text: str) -> Json:
    """The first JSON in a text, whatever follows it."""
    found: Json = json.JSONDecoder().raw_decode(text[text.index("{\n") :])[0]
    return found


@pytest.mark.parametrize(
    "preview",
    [
        pytest.param(True, id="previewed", marks=pytest.mark.slow),
        pytest.param(False, id="not previewed"),
    ],
)
def test_two_stale_answers_do_not_hide_a_foreign_rule(
    project: Project, aws: Aws, preview: bool
) -> None:
    change_a_number(project)
    add_manually(aws, DEV.name)
    before = aws.live()
    aws.fail(operation=READ, bucket=DEV.name, stale=2)
    refused = project.pulumi("up", "--yes") if preview else project.up()
    assert refused.code != 0
    assert "error[FL409]" in refused
    assert "this write would remove: `by-hand`" in refused
    assert aws.live()[DEV.name] == before[DEV.name]
    if preview:
        assert aws.live() == before


def test_one_look_is_taken_at_all_buckets_together(project: Project, aws: Aws) -> None:
    change_a_number(project)
    asked = len(aws.operations())
    # One at a time: were each to look for itself, they would do so one after the other.
    previewed = project.pulumi("preview", "--parallel", "1")
    assert previewed.code == 0, previewed.text
    reads = [bucket for operation, bucket in aws.operations()[asked:] if operation == READ]
    buckets = set(aws.live())
    assert set(reads[: len(buckets)]) == buckets
    assert sorted(reads) == sorted([*buckets] * THE_LOOK)


@pytest.mark.slow
def test_another_order_and_spelling_in_each_answer_is_no_change(project: Project, aws: Aws) -> None:
    aws.fail(operation=READ, rewritten=True, times=500)
    unchanged = project.pulumi("preview", "--expect-no-changes")
    assert unchanged.code == 0, unchanged.text
    change_a_number(project)
    previewed = project.pulumi("preview")
    assert previewed.code == 0, previewed.text
    assert "FL721" not in previewed


@pytest.mark.slow
def test_a_rule_put_after_the_look_stops_its_bucket_when_its_turn_comes(
    project: Project, aws: Aws
) -> None:
    change_a_number(project)
    changed = [DEV.name, PROD_EU.name, PROD_US.name]
    for bucket in changed:
        aws.fail(operation=WRITE, bucket=bucket, delay_seconds=6)
    before = aws.live()
    running = project.begin("up", "--yes", "--skip-preview", "--parallel", "1")
    first = first_write(aws, changed)
    aws.fail_no_more()
    others = [bucket for bucket in changed if bucket != first]
    for bucket in others:
        add_manually(aws, bucket)
    refused = running.wait()
    assert refused.code != 0
    assert "error[FL409]" in refused
    assert f"written in this run before: `{first}`" in " ".join(refused.text.split())
    assert all("by-hand" in ids(aws, bucket) for bucket in others)
    assert aws.live()[first] == to_s3(project.compiled()[first]) != before[first]


def first_write(aws: Aws, buckets: list[str]) -> str:
    """The bucket whose write is on its way, delayed."""

    def gone() -> list[str]:
        waiting = {fault["bucket"] for fault in aws.faults()}
        return [bucket for bucket in buckets if bucket not in waiting]

    return wait_for(gone, "nothing was written")[0]


@pytest.mark.slow
def test_a_rule_put_in_the_moment_before_the_write_is_printed_as_s3_had_it(
    project: Project, aws: Aws
) -> None:
    change_a_number(project)
    aws.fail(operation=WRITE, bucket=DEV.name, delay_seconds=4)
    running = project.begin("up", "--yes", "--skip-preview")
    first_write(aws, [DEV.name])
    add_manually(aws, DEV.name)
    aws.fail(operation=READ, bucket=DEV.name, stale=OF_THE_PROVIDER + 1, after_write=True)
    failed = running.wait()
    assert failed.code != 0
    assert "error[FL722]" in failed
    assert "Traceback" not in failed
    assert printed(failed.text) == {"Rules": [BY_HAND]}
    assert ids(aws, DEV.name) == {rule.id for rule in project.compiled()[DEV.name].rules}


@pytest.mark.slow
def test_what_is_stale_for_longer_than_the_look_is_the_risk_that_the_docs_name(
    project: Project, aws: Aws
) -> None:
    change_a_number(project)
    add_manually(aws, DEV.name)
    aws.fail(operation=READ, bucket=DEV.name, stale=THE_LOOK + RIGHT_BEFORE)
    erased = project.up()
    assert erased.code == 0, erased.text
    assert "by-hand" not in ids(aws, DEV.name)
    for page, heading in (
        ("README.md", "## What can still be lost"),
        ("docs/own-aws.md", "### What the guard cannot see"),
    ):
        named = " ".join(section(page, heading).split())
        assert "longer than 3 seconds" in named
        assert "takes no condition" in named
