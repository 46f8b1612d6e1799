"""An account, a region or a label of the stack is given up aloud, or not at all."""

from __future__ import annotations

import pytest

from firnline.rules.lower import placeholder
from firnline.s3.shape import to_s3
from sandbox.world.accounts import CI, DEV, ML_STAGING, PROD_EU
from tests.end_to_end.stack import Aws, Project

STAGING_IN_FLEET = """\
  ml-staging:
    id: "210987654321"
    regions: [us-east-1, eu-west-1]
    role: arn:aws:iam::210987654321:role/retention
"""
CLEARED = to_s3(placeholder("acme-ml"))


def exclude_staging(project: Project) -> None:
    (project.folder / "policies/ci-scratch.yaml").unlink()
    artifacts = "  - {account: ml-staging, buckets: [acme-ml-artifacts-dev-use1]}\n"
    project.edit("policies/ml-artifacts.yaml", (artifacts, ""))
    project.edit("policies/uploads.yaml", ('  - {account: ml-staging, buckets: "*"}\n', ""))


def release(project: Project, key: str, leave: str) -> None:
    entry = f'releases: {{"{key}": {{leave: {leave}, why: a test}}}}\n'
    project.edit("policies/fleet.yaml", ("\naccounts:", f"\n{entry}accounts:"))


def resolve(project: Project) -> None:
    resolved = project.run("firnline", "resolve")
    assert resolved.code == 0, resolved.text


def refusal(project: Project) -> str:
    refused = project.pulumi("preview")
    assert refused.code != 0
    assert "Traceback" not in refused
    return refused.text


def test_an_account_leaves_the_fleet_only_once_a_release_says_so(
    project: Project, aws: Aws
) -> None:
    before = aws.live()
    exclude_staging(project)
    project.edit("policies/fleet.yaml", (STAGING_IN_FLEET, ""))
    project.edit("Pulumi.sandbox.yaml", ("[ml-staging, ", "["))
    assert "error[FL712]" in refusal(project)
    resolve(project)
    refused = refusal(project)
    assert "error[FL712]" in refused
    assert f"the fleet file has no account {ML_STAGING.id}" in refused
    assert "FL708" not in refused

    release(project, f"{ML_STAGING.id}/*", "keep")
    kept = project.up()
    assert kept.code == 0, kept.text
    assert "[retain]" in kept
    assert not [each for each in project.resources() if each["urn"].endswith(DEV.name)]
    assert aws.live() == before
    resolve(project)
    assert project.steps() == []


@pytest.mark.slow
def test_an_account_is_cleared_while_it_is_listed_and_leaves_afterwards(
    project: Project, aws: Aws
) -> None:
    before = aws.live()
    exclude_staging(project)
    resolve(project)
    release(project, "ml-staging/*", "clear")
    cleared = project.up()
    assert cleared.code == 0, cleared.text
    after = before | {CI.name: CLEARED, DEV.name: CLEARED}
    assert aws.live() == after

    resolve(project)
    entry = 'releases: {"ml-staging/*": {leave: clear, why: a test}}\n'
    project.edit("policies/fleet.yaml", (entry, ""), (STAGING_IN_FLEET, ""))
    project.edit("Pulumi.sandbox.yaml", ("[ml-staging, ", "["))
    resolve(project)
    left = project.up()
    assert left.code == 0, left.text
    assert aws.live() == after


@pytest.mark.slow
def test_a_region_leaves_the_fleet_only_once_each_bucket_is_released(
    project: Project, aws: Aws
) -> None:
    before = aws.live()
    project.edit(
        "policies/ml-artifacts.yaml",
        ("[acme-ml-artifacts-use1, acme-ml-artifacts-euw1]", "[acme-ml-artifacts-use1]"),
    )
    prod = '    id: "012345670123"\n    regions: [us-east-1'
    project.edit("policies/fleet.yaml", (f"{prod}, eu-west-1]", f"{prod}]"))
    assert "error[FL712]" in refusal(project)
    resolve(project)
    assert "`ml-prod` no longer lists eu-west-1" in refusal(project)

    release(project, f"ml-prod/{PROD_EU.name}", "clear")
    cleared = project.up()
    assert cleared.code == 0, cleared.text
    assert aws.live() == before | {PROD_EU.name: CLEARED}
    resolve(project)
    assert PROD_EU.name not in (project.folder / "policies/fleet.lock.yaml").read_text()


@pytest.mark.slow
def test_a_label_leaves_a_stack_only_where_another_stack_names_it(
    project: Project, aws: Aws
) -> None:
    before = aws.live()
    project.edit("Pulumi.sandbox.yaml", ("[ml-staging, ", "["))
    refused = refusal(project)
    assert "error[FL713]" in refused
    assert "--> policies/fleet.yaml:8:3" in refused
    assert "2 buckets are managed in `ml-staging`, but no stack of the project names it" in refused

    other = project.folder / "Pulumi.staging.yaml"
    other.write_text("config: {firnline:accounts: ml-staging}\n")
    assert "error[FL713]" in refusal(project), "it belongs to AWS, this stack to the sandbox"
    other.write_text("config: {firnline:accounts: ml-staging, firnline:world: sandbox}\n")
    moved = project.up()
    assert moved.code == 0, moved.text
    assert not [each for each in project.resources() if each["urn"].endswith(DEV.name)]
    assert aws.live() == before


def test_accounts_are_named_in_plain_text_too(project: Project) -> None:
    project.edit(
        "Pulumi.sandbox.yaml",
        ("[ml-staging, ml-prod, research]", "ml-staging, ml-prod, research"),
    )
    assert project.steps() == []
    project.edit("Pulumi.sandbox.yaml", (": ml-staging, ml-prod, research", ": '[ml-staging'"))
    refused = refusal(project)
    assert "`firnline:accounts` is `[ml-staging`, which is no label and no list" in refused
