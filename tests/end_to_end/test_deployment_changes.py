"""What a reviewer sees in a plain `pulumi preview`: what changes for objects, in a few lines."""

from __future__ import annotations

import pytest

from sandbox.world.accounts import BUCKETS
from tests.end_to_end.conftest import Deployed
from tests.end_to_end.stack import Project, Ran

POLICY = "policies/ml-artifacts.yaml"
BUCKETS_OF_POLICY = 3
NEW = (
    "retain:\n",
    "retain:\n  evaluations:\n    prefix: evaluations/\n    delete_after: 45d\n"
    "    old_versions: {delete_after: 7d}\n",
)
"""Its rules are in the middle by ID: after those of `checkpoints`, before those of `models`."""


def lines(ran: Ran) -> list[str]:
    """What was printed, less what the sandbox's plugins make Pulumi say, and its dots for time."""
    printed = [line for line in ran.text.splitlines() if line.strip()]
    waits = ("@ previewing update", "@ updating")
    return [
        line
        for line in printed
        if "warning: using pulumi-" not in line and not line.startswith(waits)
    ]


def test_a_retention_in_the_middle_is_told_in_at_most_fifteen_lines_for_each_bucket(
    project: Project,
) -> None:
    project.edit(POLICY, NEW)
    preview = project.pulumi("preview")
    assert preview.code == 0, preview.text
    assert len(lines(preview)) <= 15 * BUCKETS_OF_POLICY, preview.text
    told = "new scope (deletes sooner): ml-artifacts/evaluations, objects in evaluations/\n"
    assert preview.text.count(told) == 1, preview.text
    assert "nothing happens → delete 45d (bytes gone 52d)\n" in preview
    assert "example s3://acme-ml-artifacts-euw1/evaluations/x" in preview

    up = project.up()
    assert up.code == 0, up.text
    assert up.text.count(told) == 1, up.text
    again = project.up()
    assert "unchanged" in again
    assert "ml-artifacts/evaluations" not in again


@pytest.mark.slow
def test_a_diff_of_the_engine_shows_the_new_rules_and_no_others(project: Project) -> None:
    project.edit(POLICY, NEW)
    diff = project.pulumi("preview", "--diff")
    assert diff.code == 0, diff.text
    ids = [line for line in lines(diff) if "firnline/acme-ml/" in line]
    assert ids
    assert all("+ id" in line and "/evaluations" in line for line in ids), diff.text
    for step in project.steps():
        changed = {path.partition("]")[0] for path in step.get("detailedDiff") or ()}
        assert changed <= {"rules[10", "rules[11", "rules"}, step["detailedDiff"]


@pytest.mark.slow
def test_a_retention_that_goes_shifts_no_rules_but_the_last(project: Project) -> None:
    project.edit(POLICY, NEW)
    assert project.up().code == 0
    project.edit(POLICY, (NEW[1], NEW[0]))
    diff = project.pulumi("preview", "--diff")
    assert diff.code == 0, diff.text
    ids = [line for line in lines(diff) if "firnline/acme-ml/" in line]
    assert all("- id" in line and "/evaluations" in line for line in ids), diff.text
    assert "lost scope" in diff


def test_the_first_up_names_the_buckets_that_get_rules_instead_of_all_rules(
    deployed: Deployed,
) -> None:
    told = f"{len(BUCKETS)} buckets get Firnline's rules for the first time: "
    assert told in deployed.first_up
    assert "new scope" not in deployed.first_up


@pytest.mark.slow
def test_what_is_live_is_what_changes_are_compared_with(project: Project) -> None:
    """Also where the state knows nothing of it, as when a bucket is taken up again."""
    assert project.pulumi("destroy", "--yes", "--skip-preview").code == 0
    again = project.up()
    assert again.code == 0, again.text
    assert "no change: what happens to objects stays the same on 7 buckets" in again
