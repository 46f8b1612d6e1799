"""Nothing of ours ever deletes a configuration: not leaving, not destroying, not starting anew."""

from __future__ import annotations

import shutil

import pytest

from firnline.rules.lower import placeholder
from firnline.s3.shape import Json, to_s3
from sandbox.world.accounts import CI, LOGS
from tests.end_to_end.stack import Aws, Project

CONFIGURATION = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


def leave_logs(project: Project) -> None:
    """No policy covers the training logs any more."""
    (project.folder / "policies/training-logs.yaml").unlink()
    project.edit("policies/uploads.yaml", ('{account: ml-prod, buckets: "*"}', EXCLUDING_LOGS))


EXCLUDING_LOGS = '{account: ml-prod, buckets: ["*", "!acme-training-logs-use1"]}'


def resolve(project: Project) -> None:
    resolved = project.run("firnline", "resolve")
    assert resolved.code in (0, 1), resolved.text


def release(project: Project, leave: str) -> None:
    key = f"ml-prod/{LOGS.name}"
    project.edit(
        "policies/fleet.yaml",
        ("accounts:", f"releases: {{{key}: {{leave: {leave}, why: a test}}}}\naccounts:"),
    )


def test_a_bucket_that_no_policy_covers_is_refused_and_released_with_its_rules(
    project: Project, aws: Aws
) -> None:
    before = aws.live()
    leave_logs(project)
    stale = project.pulumi("preview")
    assert stale.code != 0
    assert "error[FL708]" in stale

    resolve(project)
    uncovered = project.pulumi("preview")
    assert uncovered.code != 0
    assert "error[FL709]" in uncovered

    release(project, "keep")
    kept = project.up()
    assert kept.code == 0, kept.text
    assert "[retain]" in kept
    assert not [each for each in project.resources() if each["urn"].endswith(LOGS.name)]
    assert aws.live() == before


@pytest.mark.slow
def test_a_bucket_released_to_be_cleared_gets_one_disabled_rule(project: Project, aws: Aws) -> None:
    before = aws.live()
    leave_logs(project)
    resolve(project)
    release(project, "clear")
    cleared = project.up()
    assert cleared.code == 0, cleared.text
    assert aws.live() == before | {LOGS.name: to_s3(placeholder("acme-ml"))}
    # So what its rules no longer do is not held against them (`forecast --realised`).
    (savings,) = (each for each in project.resources() if each["urn"].endswith("::savings"))
    ledger = savings["outputs"]["ledger"]
    last = ledger["entries"][-1]
    assert last["bucket"] == LOGS.name
    assert ledger["rules"][last["rules"]["after"]] == to_s3(placeholder("acme-ml"))


def test_destroy_leaves_the_live_rules_and_a_lost_state_is_taken_up_again(
    project: Project, aws: Aws
) -> None:
    before = aws.live()
    destroyed = project.pulumi("destroy", "--yes", "--skip-preview")
    assert destroyed.code == 0, destroyed.text
    assert project.resources() == []
    assert aws.live() == before

    # A create that would change what is live is refused, one that means the same is not.
    project.edit("policies/ci-scratch.yaml", ("delete_after: 30d", "delete_after: 31d"))
    refused = project.pulumi("preview")
    assert refused.code != 0
    assert "Firnline's rules are live, but this stack never wrote any" in refused
    project.edit("policies/ci-scratch.yaml", ("delete_after: 31d", "delete_after: 30d"))
    again = project.up()
    assert again.code == 0, again.text
    assert aws.live() == before


@pytest.mark.slow
def test_a_refresh_with_another_policy_records_nothing_of_it(project: Project, aws: Aws) -> None:
    """With `PULUMI_RUN_PROGRAM` it runs the program, which declares what is not written yet."""
    before, outputs = aws.live(), stack_outputs(project)
    project.edit("policies/ci-scratch.yaml", ("delete_after: 30d", "delete_after: 31d"))
    refreshed = project.pulumi("refresh", "--yes")
    assert refreshed.code == 0, refreshed.text
    assert aws.live() == before
    assert stack_outputs(project) == outputs
    changed = project.pulumi("up", "--yes")
    assert changed.code == 0, changed.text
    assert aws.live() == {name: to_s3(rules) for name, rules in project.compiled().items()}
    assert stack_outputs(project) != outputs


def stack_outputs(project: Project) -> Json:
    stacks = [each for each in project.resources() if each["type"] == "pulumi:pulumi:Stack"]
    found: Json = stacks[0]["outputs"]
    return found


@pytest.mark.slow
def test_a_live_configuration_is_imported_and_then_changed(project: Project, aws: Aws) -> None:
    before = aws.live()
    urn = next(
        each["urn"]
        for each in project.resources()
        if each["type"] == CONFIGURATION and each["urn"].endswith(CI.name)
    )
    component = urn.replace(f"${CONFIGURATION}", "")
    provider = f"urn:pulumi:sandbox::firnline::pulumi:providers:aws::{CI.account.id}"
    assert project.pulumi("state", "delete", urn, "--yes").code == 0
    imported = project.pulumi(
        "import", CONFIGURATION, CI.name, CI.name, "--yes", "--protect=false",
        "--parent", f"component={component}", "--provider", f"account={provider}",
    )  # fmt: skip
    assert imported.code == 0, imported.text
    assert aws.live() == before
    project.edit("policies/ci-scratch.yaml", ("delete_after: 30d", "delete_after: 31d"))
    changed = project.up()
    assert changed.code == 0, changed.text
    assert "1 updated" in changed
    assert aws.live() == {name: to_s3(rules) for name, rules in project.compiled().items()}


def test_a_stack_may_lose_its_files_but_not_the_rules(project: Project, aws: Aws) -> None:
    shutil.rmtree(project.folder / "policies")
    before = aws.live()
    refused = project.up()
    assert refused.code != 0
    assert "no `policies/` folder beside" in refused
    assert "Traceback" not in refused
    assert aws.live() == before
