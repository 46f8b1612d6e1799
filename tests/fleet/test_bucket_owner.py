"""Each request about a bucket names the account that owns it, and S3 refuses any other's."""

from __future__ import annotations

from pathlib import Path

import pytest

from firnline import testing
from firnline.cli import main
from firnline.fleet.accounts import Access, Clients, NoAccess, requesting
from firnline.fleet.live import read_live
from firnline.targets.pulumi_aws.look import Look
from firnline.testing.moto_process import find_bucket
from tests.fleet.small_world import PROD, STAGING, write_folder

ROLE = f"arn:aws:iam::{PROD}:role/retention"
BUCKET = "acme-models-use1"
COMMANDS = (
    ["resolve"],
    ["show"],
    ["show", BUCKET],
    ["diff", "live"],
    ["explain", f"s3://{BUCKET}/tmp/a", "--live"],
    ["inventory", "list", BUCKET, "--versions", "--uploads", "--tags"],
    ["inventory", "list", "acme-dev", "--account", "staging", "--into", "other"],
    ["forecast", "--bucket", BUCKET],
    ["verify", "--settle", "0", "--reads", "1", "--expiry-dates"],
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_folder(tmp_path)


@pytest.mark.usefixtures("folder")
def test_every_command_names_the_owner_in_every_request_about_a_bucket_of_the_fleet(
    aws: testing.Emulator,
) -> None:
    aws.client("s3", PROD).put_object(Bucket=BUCKET, Key="tmp/a", Body=b"a")
    before = len(aws.requests)
    for command in COMMANDS:
        seen = len(aws.requests)
        assert main(command) in (0, 1, 3, 5, 7), command
        assert any(each.bucket for each in aws.requests[seen:]), command
    about = [each for each in aws.requests[before:] if each.bucket]
    assert [each for each in about if each.expected_owner != _owner(each.bucket)] == []
    assert {each.operation for each in about} >= {
        "GetBucketLifecycleConfiguration",
        "GetBucketVersioning",
        "GetObjectLockConfiguration",
        "HeadBucket",
        "HeadObject",
        "ListObjectVersions",
        "ListMultipartUploads",
        "ListBucketInventoryConfigurations",
    }


def test_the_guard_names_the_owner(aws: testing.Emulator) -> None:
    look = Look(Access(PROD, ROLE, "us-east-1", None, PROD), Clients())
    look.read(BUCKET)
    look.state(BUCKET)
    look.is_empty(BUCKET)
    about = [each for each in aws.requests if each.bucket]
    assert len(about) == 4
    assert {each.expected_owner for each in about} == {PROD}


@pytest.mark.usefixtures("aws")
def test_a_bucket_that_changed_its_account_is_refused_by_s3() -> None:
    client = Clients().s3(Access(PROD, ROLE, "us-east-1", owner=STAGING))
    with pytest.raises(NoAccess) as caught, requesting(PROD, "s3:GetLifecycleConfiguration"):
        read_live(client, BUCKET)
    assert caught.value.denied


def test_where_nobody_knows_whose_a_bucket_is_nothing_is_said(aws: testing.Emulator) -> None:
    read_live(Clients().s3(Access(PROD, ROLE, "us-east-1")), BUCKET)
    assert aws.requests[-1].expected_owner == ""


def _owner(bucket: str) -> str:
    found = find_bucket(bucket)
    assert found is not None
    return found.account_id
