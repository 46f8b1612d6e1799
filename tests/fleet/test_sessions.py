"""A session that expires in the middle is renewed, and what was being read is read to its end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from firnline import testing
from firnline.cli import main
from firnline.fleet.accounts import Access, Clients, NoAccess, requesting
from tests.fleet.small_world import LOCK_OF_FACTS, PROD, STAGING, write_folder

ROLE = f"arn:aws:iam::{PROD}:role/retention"
BUCKET = "acme-models-use1"
ACCESS = Access(PROD, ROLE, "us-east-1", owner=PROD)


def expire(aws: testing.Emulator, account: str, after: int = 0) -> None:
    aws.middleware.faults.add(testing.Fault(account=account, expire_sessions=True, after=after))


def test_a_request_goes_on_with_a_new_session_and_its_owner(aws: testing.Emulator) -> None:
    s3 = Clients().s3(ACCESS)
    s3.get_bucket_versioning(Bucket=BUCKET)
    expire(aws, PROD)
    before = len(aws.requests)
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    sent = [(each.operation, each.status) for each in aws.requests[before:]]
    assert sent == [("GetBucketVersioning", 400), ("AssumeRole", 200), ("GetBucketVersioning", 200)]
    assert aws.requests[-1].expected_owner == PROD


def test_one_that_aws_does_not_take_either_is_no_endless_loop(aws: testing.Emulator) -> None:
    s3 = Clients().s3(ACCESS)
    aws.middleware.faults.add(testing.Fault("GetBucketVersioning", code="ExpiredToken", times=99))
    before = len(aws.requests)
    with (
        pytest.raises(NoAccess, match="run the same command again"),
        requesting(PROD, "s3:x"),
    ):
        s3.get_bucket_versioning(Bucket=BUCKET)
    asked = [each.operation for each in aws.requests[before:]]
    assert asked == ["GetBucketVersioning", "AssumeRole", "GetBucketVersioning"]


@pytest.mark.parametrize("after", [1, 4])
def test_resolve_writes_the_same_lock_whenever_the_sessions_expire(
    after: int, aws: testing.Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = write_folder(tmp_path)
    expire(aws, PROD, after)
    expire(aws, STAGING, after)
    assert main(["resolve"]) == 0
    assert (folder / "fleet.lock.yaml").read_text().endswith(LOCK_OF_FACTS)
    assert sum(each.operation == "AssumeRole" for each in aws.requests) > len((PROD, STAGING))


def test_a_long_listing_goes_on_where_the_session_expired(
    aws: testing.Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_folder(tmp_path)
    s3 = aws.client("s3", PROD)
    for number in range(5):
        s3.put_object(Bucket=BUCKET, Key=f"tmp/{number}", Body=b"x")
    expire(aws, PROD, after=4)
    assert main(["inventory", "list", BUCKET, "--account", "prod", "--tags"]) == 0
    assert 400 in {each.status for each in aws.requests}
    (manifest,) = Path("inventory").rglob("manifest.json")
    assert json.loads(manifest.read_text())["files"]
