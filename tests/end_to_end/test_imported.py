"""`pulumi import` brings a resource into the state that the program does not declare."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.world.accounts import CI
from tests.end_to_end.stack import Aws, Project
from tests.end_to_end.test_component import ACCOUNT, infra_project

CONFIGURATION = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


@pytest.fixture
def infra(aws: Aws, tmp_path: Path) -> Iterator[Project]:
    yield from infra_project(aws, tmp_path)


def import_manually(project: Project, bucket: str, account: str) -> str:
    """As somebody would who wants the rules in Pulumi's state; and its URN."""
    name, stack = project.folder.name, f"urn:pulumi:sandbox::{project.folder.name}"
    provider = f"{stack}::pulumi:providers:aws::{account}"
    imported = project.pulumi(
        "import", CONFIGURATION, f"{name}-rules", bucket, "--yes", "--provider",
        f"account={provider}",
    )  # fmt: skip
    assert imported.code == 0, imported.text
    urn = f"{stack}::{CONFIGURATION}::{name}-rules"
    unprotected = project.pulumi("state", "unprotect", urn, "--yes")
    assert unprotected.code == 0, unprotected.text
    return urn


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("up", "--yes"), id="up"),
        pytest.param(
            ("up", "--yes", "--skip-preview"), id="up, not previewed", marks=pytest.mark.slow
        ),
        pytest.param(("destroy", "--yes", "--skip-preview"), id="destroy", marks=pytest.mark.slow),
    ],
)
def test_an_imported_configuration_is_not_deleted(
    project: Project, aws: Aws, command: tuple[str, ...]
) -> None:
    before, asked = aws.live(), len(aws.operations())
    urn = import_manually(project, CI.name, CI.account.id)
    refused = project.pulumi(*command)
    assert refused.code != 0
    assert "error[FL728]" in refused
    assert urn in "".join(refused.text.split()).replace("|", "")
    assert "Traceback" not in refused
    assert aws.live() == before
    assert not [each for each in aws.operations()[asked:] if each[0].startswith("Delete")]

    # The remedy that is printed.
    assert project.pulumi("state", "delete", urn, "--force", "--yes").code == 0
    again = project.up()
    assert again.code == 0, again.text
    assert aws.live() == before


@pytest.mark.slow
def test_a_component_refuses_it_for_its_own_bucket(infra: Project, aws: Aws) -> None:
    first = infra.pulumi("up", "--yes")
    assert first.code == 0, first.text
    bucket = next(
        each["outputs"]["bucket"]
        for each in infra.resources()
        if each["type"] == "aws:s3/bucket:Bucket"
    )
    rules = aws.client(ACCOUNT).get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    import_manually(infra, bucket, ACCOUNT)
    refused = infra.pulumi("up", "--yes", "--skip-preview")
    assert refused.code != 0
    assert "error[FL728]" in refused
    assert "Traceback" not in refused
    assert aws.client(ACCOUNT).get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules
