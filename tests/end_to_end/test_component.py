"""Another infra repo, with the program that the docs show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from firnline.fleet.live import read_live_json
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from tests.end_to_end import documented_program
from tests.end_to_end.stack import Aws, Project, make_project

ACCOUNT = "210987654321"


def infra_project(aws: Aws, tmp_path: Path) -> Iterator[Project]:
    """A Pulumi project of somebody else: its program, a policy file, and nothing more of ours."""
    project = make_project(tmp_path / "infra", aws)
    documented_program.write_into(project.folder)
    (project.folder / "Pulumi.sandbox.yaml").write_text("config:\n  firnline:world: sandbox\n")
    assert project.pulumi("stack", "init", "sandbox").code == 0
    aws.fail_no_more()
    yield project
    # Without the program, which some tests leave broken: else the bucket would stay for others.
    project.pulumi("destroy", "--yes", "--skip-preview", PULUMI_RUN_PROGRAM=None)


@pytest.fixture
def infra(aws: Aws, tmp_path: Path) -> Iterator[Project]:
    yield from infra_project(aws, tmp_path)


def live(project: Project) -> RuleSet:
    (bucket,) = (each for each in project.resources() if each["type"] == "aws:s3/bucket:Bucket")
    shape = read_live_json(project.aws.client(ACCOUNT), bucket["outputs"]["bucket"])
    assert shape is not None
    return read_configuration(shape)


def test_the_documented_program_works_on_a_bucket_that_the_same_program_makes(
    infra: Project,
) -> None:
    first = infra.pulumi("up", "--yes")
    assert first.code == 0, first.text
    ids = [rule.id for rule in live(infra).rules]
    assert ids == ["firnline/features/features/*", "firnline/features/features/daily"]
    (provider,) = (each for each in infra.resources() if each["type"] == "pulumi:providers:aws")
    (configuration,) = (
        each for each in infra.resources() if each["urn"].endswith("Configuration::features")
    )
    assert f"::{ACCOUNT}::" in configuration["provider"]
    assert provider["urn"].endswith(f"::{ACCOUNT}")

    # The guard works for them as well, with no fleet and no lock.
    shape = infra.aws.client(ACCOUNT).get_bucket_lifecycle_configuration
    bucket = configuration["inputs"]["bucket"]
    rule, *_ = shape(Bucket=bucket)["Rules"]
    infra.aws.client(ACCOUNT).put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": [{**rule, "ID": "by-hand"}]}
    )
    infra.edit("retention.yaml", ("delete_after: 90d", "delete_after: 91d"))
    refused = infra.pulumi("preview")
    assert refused.code != 0
    assert "error[FL409]" in refused
    assert "Traceback" not in refused


@pytest.mark.slow
def test_their_bucket_deleted_behind_their_back_is_said_to_be_gone(infra: Project) -> None:
    assert infra.up().code == 0
    (bucket,) = (each for each in infra.resources() if each["type"] == "aws:s3/bucket:Bucket")
    infra.aws.client(ACCOUNT).delete_bucket(Bucket=bucket["outputs"]["bucket"])
    infra.edit("retention.yaml", ("delete_after: 90d", "delete_after: 91d"))
    refused = infra.pulumi("preview")
    assert refused.code != 0
    assert "error[FL703]" in refused
    assert "make the bucket before its rules, or take its rules out" in refused
    assert "Traceback" not in refused


def test_a_broken_policy_file_ends_their_program_with_our_words(infra: Project) -> None:
    infra.edit("retention.yaml", ("warm_after: 30d", "warm_after: 30"))
    refused = infra.pulumi("preview")
    assert refused.code != 0
    assert "error[FL105]: this is not a duration" in refused
    assert "--> retention.yaml:8:" in refused
    assert "Traceback" not in refused


def test_their_stack_is_protected_from_the_wrong_world_too(infra: Project) -> None:
    infra.edit("Pulumi.sandbox.yaml", ("firnline:world: sandbox", "firnline:world: aws"))
    refused = infra.pulumi("preview")
    assert refused.code != 0
    assert "error[FL711]" in refused
    assert "Traceback" not in refused


@pytest.mark.slow
def test_a_secret_anywhere_in_the_state_keeps_no_order_from_being_known(infra: Project) -> None:
    secret = 'pulumi.export("key", pulumi.Output.secret("x"))'
    infra.edit("__main__.py", ("bucket = aws", f"{secret}\nbucket = aws"))
    assert infra.pulumi("up", "--yes").code == 0
    infra.edit("retention.yaml", ("retain:", "retain:\n  a: {prefix: a/, delete_after: 9d}"))
    preview = infra.pulumi("preview", "--diff")
    assert preview.code == 0, preview.text
    (new,) = (line for line in preview.text.splitlines() if "firnline/features/" in line)
    assert "+ id" in new
    assert "/features/a" in new
