"""A lifecycle configuration goes from another Pulumi program to ours, and back, rules and all."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.foreign_buckets import HAND_MADE
from tests.end_to_end.adopting import (
    Watched,
    cover,
    fleet_project,
    nothing_changes,
    puts,
    released,
    watched,
)
from tests.end_to_end.lake import RETAINED, RULE, lake_project, put_back, take_out
from tests.end_to_end.stack import Aws, Project

pytestmark = pytest.mark.slow

POLICY = f"""\
firnline: policy/v1
policy: labels
owner: labelling
why: exports of labels are made anew each quarter
applies_to: [{{account: analytics, buckets: {HAND_MADE.bucket.name}}}]
adopts: {RULE}
retain:
  exports: {{prefix: exports/, delete_after: 90d}}
uploads: {{abort_after: never}}
"""


@pytest.fixture
def bucket(aws: Aws) -> Watched:
    aws.fail_no_more()
    (found,) = watched(aws, HAND_MADE)
    return found


@pytest.fixture
def lake(aws: Aws, bucket: Watched, tmp_path: Path) -> Project:
    project = lake_project(aws, tmp_path / "lake")
    first_up = project.up()
    assert first_up.code == 0, first_up.text
    assert bucket.ids() == [RULE]
    return project


def adopt(ours: Project, bucket: Watched) -> None:
    cover(ours, POLICY)
    resolved = ours.run("firnline", "resolve")
    assert resolved.code == 0, resolved.text
    up = ours.up()
    assert up.code == 0, up.text
    assert bucket.ids() == ["firnline/analytics/labels/exports"]


def test_what_is_retained_first_is_handed_over_with_its_rules_and_back(
    lake: Project, bucket: Watched, aws: Aws, tmp_path: Path
) -> None:
    owned = take_out(lake)
    told = lake.pulumi("preview", "--diff")
    assert "delete" in told
    assert "retain" not in told, "a program that only drops the resource deletes the rules"

    put_back(lake, owned)
    lake.edit("__main__.py", RETAINED)
    sent = len(aws.operations())
    assert lake.up().code == 0
    assert puts(aws, sent) == []
    with nothing_changes(aws, bucket):
        retained = take_out(lake)
        left = lake.up()
        assert left.code == 0, left.text
        assert "[retain]" in left
        assert bucket.ids() == [RULE]

    ours = fleet_project(aws, tmp_path / "ours")
    with nothing_changes(aws, bucket):
        adopt(ours, bucket)

    # And back: ours lets go, theirs writes what means the same.
    with nothing_changes(aws, bucket), released(ours, bucket, "keep"):
        let_go = ours.up()
        assert let_go.code == 0, let_go.text
    with nothing_changes(aws, bucket):
        put_back(lake, retained)
        assert lake.up().code == 0
    assert bucket.ids() == [RULE]


def test_what_is_taken_out_of_the_state_is_handed_over_and_both_in_between_are_noticed(
    lake: Project, bucket: Watched, aws: Aws, tmp_path: Path
) -> None:
    (urn,) = (each["urn"] for each in lake.resources() if "Lifecycle" in each["type"])
    ours = fleet_project(aws, tmp_path / "ours")
    with nothing_changes(aws, bucket):
        adopt(ours, bucket)

    # Theirs still has it: it writes over ours as soon as it is edited, and ours then stops.
    lake.edit("__main__.py", ("days=90", "days=91"))
    assert lake.up().code == 0
    assert bucket.ids() == [RULE]
    cover(ours, POLICY.replace("90d", "95d"))
    sent = len(aws.operations())
    refused = ours.pulumi("preview")
    assert refused.code != 0
    assert "error[FL729]" in refused, refused.text
    assert "Traceback" not in refused
    assert puts(aws, sent) == []

    with nothing_changes(aws, bucket):
        deleted = lake.pulumi("state", "delete", urn, "--force", "--yes")
        assert deleted.code == 0, deleted.text
        take_out(lake)
        left = lake.up()
        assert left.code == 0, left.text
