"""Buckets whose rules others wrote become managed, and nothing changes for their objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from firnline.s3.shape import to_s3
from sandbox.foreign_buckets import CUSTODIAN, HAND_MADE, TERRAFORM
from tests.end_to_end.adopting import (
    Watched,
    adopted,
    cover,
    fleet_project,
    nothing_changes,
    puts,
    released,
    watched,
)
from tests.end_to_end.stack import Aws, Project, Ran

pytestmark = pytest.mark.slow

KEPT = "c7n-expire-scratch"
KEEPING = """\
firnline: policy/v1
policy: clicks
owner: analytics
why: raw events are aggregated within a quarter
applies_to: [{account: analytics, buckets: acme-clickstream-euw1}]
foreign_rules: keep
retain:
  events: {prefix: events/, delete_after: 400d}
"""


@pytest.fixture
def ours(aws: Aws, tmp_path: Path) -> Project:
    aws.fail_no_more()
    return fleet_project(aws, tmp_path / "ours")


def rules_by_id(bucket: Watched) -> dict[str, object]:
    shape = to_s3(bucket.live())
    return {rule["ID"]: rule for rule in shape["Rules"]}


def up(project: Project, *words: str) -> Ran:
    ran = project.pulumi("up", "--yes", *words)
    assert ran.code == 0, ran.text
    return ran


def approve(project: Project) -> None:
    said = ("--base", "live", "--by", "analytics", "--deletes-up-to", "1TiB")
    approved = project.run("firnline", "approve", *said)
    assert approved.code == 0, approved.text


def refused(project: Project, aws: Aws) -> str:
    """What was told, in one line; nothing was written."""
    sent = len(aws.operations())
    ran = project.up()
    assert ran.code != 0, ran.text
    assert "Traceback" not in ran
    assert puts(aws, sent) == []
    return " ".join(ran.text.split())


def test_from_foreign_to_imported_to_managed(ours: Project, aws: Aws) -> None:
    buckets = watched(aws, HAND_MADE, TERRAFORM, CUSTODIAN)
    with nothing_changes(aws, *buckets):
        adopted(ours)
        resolved = ours.run("firnline", "resolve")
        assert resolved.code == 0, resolved.text
        checked = ours.run("firnline", "check")
        assert checked.code == 0, checked.text
        before = ours.run("firnline", "diff", "live")
        assert before.code == 0, before.text
        assert "no change" in before, before.text

    sent = len(aws.operations())
    with nothing_changes(aws, *buckets):
        up(ours)
        assert set(puts(aws, sent)) == {each.name for each in buckets}
    for each in buckets:
        assert all(id.startswith("firnline/analytics/") for id in each.ids()), each.ids()

    with nothing_changes(aws, *buckets):
        after = ours.run("firnline", "diff", "live")
        assert after.code == 0
        assert "no change" in after, after.text


def test_a_kept_rule_stays_through_edits_releases_and_destroy(ours: Project, aws: Aws) -> None:
    (bucket,) = watched(aws, CUSTODIAN)
    foreign = rules_by_id(bucket)
    cover(ours, KEEPING)
    assert ours.run("firnline", "resolve").code == 0
    approve(ours)
    sent = len(aws.operations())
    up(ours, "--skip-preview")
    assert rules_by_id(bucket).items() >= foreign.items()
    assert len(bucket.ids()) == len(foreign) + 1

    cover(ours, KEEPING.replace("400d", "500d"))
    rules = to_s3(bucket.live())["Rules"]
    bucket.put([rule for rule in rules if rule["ID"] != KEPT])
    gone = ours.pulumi("preview")
    assert gone.code != 0
    assert "error[FL729]" in gone
    assert f"not live any more: `{KEPT}`" in gone
    bucket.put(rules)
    up(ours, "--skip-preview")
    edited = rules_by_id(bucket)
    assert edited.items() >= foreign.items()

    with released(ours, bucket, "keep"):
        assert "[retain]" in up(ours, "--skip-preview")
        assert rules_by_id(bucket) == edited
    up(ours, "--skip-preview")
    assert rules_by_id(bucket) == edited

    with released(ours, bucket, "clear"):
        up(ours, "--skip-preview")
        assert rules_by_id(bucket) == foreign
        assert ours.pulumi("destroy", "--yes", "--skip-preview").code == 0
        assert ours.resources() == []
        assert rules_by_id(bucket) == foreign
    assert not [each for each in aws.operations()[sent:] if each[0].startswith("Delete")]


def test_rules_that_are_replaced_need_an_approval(ours: Project, aws: Aws) -> None:
    (bucket,) = watched(aws, CUSTODIAN)
    before = bucket.live()
    cover(ours, KEEPING.replace("keep", "replace"))
    resolved = ours.run("firnline", "resolve")
    assert resolved.code == 0, resolved.text
    told = refused(ours, aws)
    assert KEPT in told, told
    assert bucket.live() == before

    approve(ours)
    up(ours, "--skip-preview")
    assert bucket.ids() == ["firnline/analytics/clicks/events"]
