"""A real engine puts exactly the compiled rules on seven buckets, and changes what changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi import automation

from firnline.s3.read_shape import read_configuration
from firnline.s3.shape import to_s3
from firnline.targets.pulumi_aws.stack import digest
from sandbox.world.accounts import BUCKETS
from tests.end_to_end.conftest import Deployed
from tests.end_to_end.stack import Aws, Project

CONFIGURATION = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
NAMES = {bucket.name for bucket in BUCKETS}


def test_the_first_up_puts_exactly_the_compiled_rules_on_all_seven_buckets(
    deployed: Deployed,
) -> None:
    expected = {name: to_s3(rules) for name, rules in deployed.project.compiled().items()}
    assert expected.keys() == NAMES
    assert deployed.live == expected


def test_the_urns_are_those_that_were_frozen(deployed: Deployed) -> None:
    """Another URN is a create and then a delete on the same bucket: see urns.txt."""
    frozen = (Path(__file__).parent / "urns.txt").read_text(encoding="utf-8").splitlines()
    found = sorted(resource["urn"] for resource in deployed.project.resources())
    assert found == [line for line in frozen if not line.startswith("#")]


def test_the_state_shows_what_the_provider_was_given(deployed: Deployed) -> None:
    resources = deployed.project.resources()
    regions = {bucket.name: bucket.region for bucket in BUCKETS}
    configurations = [each for each in resources if each["type"] == CONFIGURATION]
    assert {each["inputs"]["bucket"] for each in configurations} == NAMES
    for each in configurations:
        inputs = each["inputs"]
        assert inputs["region"] == regions[inputs["bucket"]]
        assert inputs["transitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"
        assert inputs["timeouts"] == {"create": "10m", "update": "10m"}
        assert "expectedBucketOwner" not in inputs
        ids = [rule["id"] for rule in inputs["rules"]]
        assert ids == sorted(ids)
        assert each["retainOnDelete"] is True
    for provider in (each for each in resources if each["type"] == "pulumi:providers:aws"):
        account = provider["urn"].rpartition("::")[2]
        assert provider["inputs"]["allowedAccountIds"] == f'["{account}"]'
        assert f'"roleArn":"arn:aws:iam::{account}:role/retention"' in (
            provider["inputs"]["assumeRoles"].replace(" ", "")
        )
        assert '"sessionName":"firnline"' in provider["inputs"]["assumeRoles"].replace(" ", "")


def test_the_stack_says_its_world_and_what_it_applied(deployed: Deployed) -> None:
    resources = deployed.project.resources()
    (outputs,) = (each["outputs"] for each in resources if each["type"] == "pulumi:pulumi:Stack")
    assert outputs["world"] == "sandbox"
    applied = {key.rpartition("/")[2]: value for key, value in outputs["applied"].items()}
    assert applied == {name: digest(rules) for name, rules in deployed.project.compiled().items()}


def test_a_second_up_changes_nothing_and_sends_s3_no_request(project: Project, aws: Aws) -> None:
    before, asked = aws.live(), len(aws.operations())
    second = project.up()
    assert second.code == 0, second.text
    assert "20 unchanged" in second
    lifecycle = [each for each in aws.operations()[asked:] if "Lifecycle" in each[0]]
    assert lifecycle == []
    assert aws.live() == before


def test_one_changed_number_is_one_update_with_one_changed_leaf_on_each_bucket(
    project: Project,
) -> None:
    project.edit("policies/ml-artifacts.yaml", ("delete_after: 180d", "delete_after: 181d"))
    steps = [step for step in project.steps() if not step["urn"].endswith("::read-back")]
    assert {step["urn"].rpartition("::")[2] for step in steps} == {
        "acme-ml-artifacts-dev-use1",
        "acme-ml-artifacts-euw1",
        "acme-ml-artifacts-use1",
    }
    for step in steps:
        assert step["op"] == "update"
        (leaf,) = step["detailedDiff"]
        assert leaf.endswith(".expiration.days")
        index = int(leaf.removeprefix("rules[").partition("]")[0])
        changed = step["newState"]["inputs"]["rules"][index]
        assert changed["id"].endswith("/checkpoints")
        assert changed["expiration"] == {"days": 181}


def test_renaming_a_policy_a_retention_and_an_account_leaves_no_bucket_without_rules(
    project: Project, aws: Aws
) -> None:
    asked = len(aws.operations())
    project.edit("policies/ml-artifacts.yaml", ("policy: ml-artifacts", "policy: artifacts"))
    project.edit("policies/research.yaml", ("stopped-experiments:", "experiments-that-stopped:"))
    for file in ("fleet.yaml", "ci-scratch.yaml", "ml-artifacts.yaml", "uploads.yaml"):
        project.edit(f"policies/{file}", ("ml-staging", "staging"))
    project.edit("Pulumi.sandbox.yaml", ("ml-staging", "staging"))
    # One at a time leaves the SDK four threads; the guard must not need one of them.
    renamed = project.up("--parallel", "1")
    assert renamed.code == 0, renamed.text
    assert not [each for each in aws.operations()[asked:] if each[0].startswith("Delete")]
    assert aws.live() == {name: to_s3(rules) for name, rules in project.compiled().items()}
    ids = [rule["ID"] for live in aws.live().values() if live for rule in live["Rules"]]
    assert any("/artifacts/" in id for id in ids)
    assert any("/experiments-that-stopped:" in id for id in ids)
    assert not any("/ml-artifacts/" in id or "/stopped-experiments:" in id for id in ids)


@pytest.mark.slow
def test_the_automation_api_previews_and_deploys(
    project: Project, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = project.variables({})
    monkeypatch.setenv("PATH", variables["PATH"])
    project.edit("policies/uploads.yaml", ("abort_after: 7d", "abort_after: 9d"))
    stack = automation.select_stack(
        "sandbox",
        work_dir=str(project.folder),
        opts=automation.LocalWorkspaceOptions(env_vars=variables),
    )
    assert stack.preview().change_summary[automation.OpType.UPDATE] == 6 + 1, (
        "and what is read back"
    )
    result = stack.up()
    assert result.outputs["world"].value == "sandbox"
    live = aws.live()["acme-training-logs-use1"]
    assert live is not None
    assert read_configuration(live) == project.compiled()["acme-training-logs-use1"]
