"""Rules go only to the bucket they were proved for, under the namespace they carry."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.world.accounts import DEV
from tests.end_to_end.stack import Aws, Project
from tests.end_to_end.test_component import ACCOUNT, infra, live
from tests.end_to_end.test_refused import change_a_number

__all__ = ["infra"]


@pytest.fixture
def suspended(aws: Aws) -> Iterator[str]:
    client = aws.client_of(DEV.name)
    client.put_bucket_versioning(Bucket=DEV.name, VersioningConfiguration={"Status": "Suspended"})
    yield DEV.name
    client.put_bucket_versioning(Bucket=DEV.name, VersioningConfiguration={"Status": "Enabled"})


def enable(infra: Project) -> None:
    (bucket,) = (each for each in infra.resources() if each["type"] == "aws:s3/bucket:Bucket")
    infra.aws.client(ACCOUNT).put_bucket_versioning(
        Bucket=bucket["outputs"]["bucket"], VersioningConfiguration={"Status": "Enabled"}
    )


def test_versioning_that_the_lock_does_not_know_stops_the_write(
    project: Project, aws: Aws, suspended: str
) -> None:
    before = aws.live()
    change_a_number(project)
    refused = project.pulumi("up", "--yes")
    assert refused.code != 0
    assert "error[FL726]" in refused
    assert f"s3://{suspended}" in refused
    assert "has versioning suspended, and its rules are proved for versioning enabled" in refused
    assert "run `firnline resolve`" in refused
    assert aws.live() == before


@pytest.mark.parametrize(
    ("operation", "permission", "what"),
    [
        ("GetBucketVersioning", "s3:GetBucketVersioning", "the versioning"),
        (
            "GetObjectLockConfiguration",
            "s3:GetBucketObjectLockConfiguration",
            "the Object Lock configuration",
        ),
    ],
)
def test_versioning_that_cannot_be_read_stops_the_write_and_names_the_permission(
    project: Project, aws: Aws, operation: str, permission: str, what: str
) -> None:
    change_a_number(project)
    aws.fail(operation=operation, bucket=DEV.name, status=403, code="AccessDenied", message="no")
    refused = project.pulumi("preview")
    assert refused.code != 0
    assert f"{what} of `{DEV.name}` cannot be read, so nothing is written" in refused
    assert f"account {DEV.account.id}: {permission}: AccessDenied: no" in refused
    assert "Traceback" not in refused


@pytest.mark.slow
def test_off_is_not_believed_of_a_versioned_bucket(infra: Project) -> None:
    assert infra.up().code == 0
    before = live(infra)
    enable(infra)
    infra.edit("retention.yaml", ("delete_after: 90d", "delete_after: 91d"))
    refused = infra.pulumi("preview")
    assert refused.code != 0
    assert "error[FL726]" in refused
    assert "its bytes would stay" in refused
    assert 'write `versioning="enabled"` in `rules_from`' in refused
    assert live(infra) == before


@pytest.mark.slow
def test_a_bucket_that_is_not_versioned_yet_is_not_written_until_it_is(infra: Project) -> None:
    infra.edit("__main__.py", ('versioning="off"', 'versioning="enabled"'))
    infra.edit(
        "retention.yaml",
        ("delete_after: 90d}", "delete_after: 90d, old_versions: {delete_after: 7d}}"),
    )
    refused = infra.up()
    assert refused.code != 0
    assert "error[FL726]" in refused
    assert "`depends_on=[...]`" in refused

    # A preview cannot know what the program will have done by then.
    previewed = infra.pulumi("preview")
    assert previewed.code == 0, previewed.text
    assert "warning[FL726]" in previewed

    enable(infra)
    written = infra.up()
    assert written.code == 0, written.text
    assert live(infra).rules


@pytest.mark.slow
def test_rules_of_one_namespace_are_not_deployed_under_another(infra: Project) -> None:
    infra.edit("__main__.py", ("    account_id=ACCOUNT,", '    account_id=ACCOUNT, namespace="x",'))
    refused = infra.pulumi("preview")
    assert refused.code != 0
    assert "error[FL725]" in refused
    assert "compiled for the namespace `features`, and deployed under `x`" in refused
    assert "Traceback" not in refused
