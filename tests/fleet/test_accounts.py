from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.utils import parse_timestamp

from firnline import testing
from firnline.fleet.accounts import Access, Clients, NoAccess, requesting
from firnline.fleet.questions import READ_TAGS, Failure, ListedBucket, ask
from firnline.fleet.sessions import read_timestamp
from tests.fleet.small_world import PROD, STAGING, account

ROLE = f"arn:aws:iam::{PROD}:role/retention"


def test_one_role_is_assumed_once_for_all_regions(aws: testing.Emulator) -> None:
    clients = Clients()
    us = clients.s3(Access(PROD, ROLE, "us-east-1"))
    eu = clients.s3(Access(PROD, ROLE, "eu-west-1"))
    assert us is clients.s3(Access(PROD, ROLE, "us-east-1"))
    assert (us.meta.region_name, eu.meta.region_name) == ("us-east-1", "eu-west-1")
    assert [each.operation for each in aws.requests] == ["AssumeRole", "GetCallerIdentity"]


def test_credentials_of_another_account_are_refused_and_both_are_named(
    aws: testing.Emulator,
) -> None:
    with pytest.raises(NoAccess) as caught:
        Clients().s3(Access(PROD, None, "us-east-1"))
    assert aws.caller.account in caught.value.reason
    assert PROD in caught.value.reason
    assert not caught.value.denied


@pytest.mark.usefixtures("aws")
def test_a_role_of_another_account_is_refused() -> None:
    with pytest.raises(NoAccess, match=f"belong to account {PROD}"):
        Clients().s3(Access(STAGING, ROLE, "us-east-1"))


@pytest.mark.usefixtures("aws")
def test_a_role_that_may_not_be_assumed_says_so_in_the_words_of_aws() -> None:
    with pytest.raises(NoAccess) as caught:
        Clients().s3(Access(PROD, f"arn:aws:iam::{PROD}:role/nobody", "us-east-1"))
    assert caught.value.permission == "sts:AssumeRole"
    assert caught.value.denied
    assert "is not authorized to perform: sts:AssumeRole" in caught.value.reason


@pytest.mark.usefixtures("aws")
def test_without_credentials_the_reason_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(NoAccess, match="Unable to locate credentials") as caught:
        Clients().s3(Access(PROD, ROLE, "us-east-1"))
    assert f"set AWS_PROFILE to a profile that may assume {ROLE}" in caught.value.reason
    with pytest.raises(NoAccess) as caught:
        Clients().s3(Access(PROD, None, "us-east-1"))
    assert f"set AWS_PROFILE to a profile of account {PROD}" in caught.value.reason
    assert "`aws configure sso`" in caught.value.reason


@pytest.mark.usefixtures("aws")
def test_a_profile_that_does_not_exist_is_a_lack_of_credentials(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(NoAccess, match="nobody") as caught:
        Clients().s3(Access(PROD, ROLE, "us-east-1"))
    assert not caught.value.has_credentials
    assert "`aws configure sso`" in caught.value.reason


@pytest.mark.parametrize(
    ("code", "has_credentials"),
    [("ExpiredToken", False), ("InvalidClientTokenId", False), ("AccessDenied", True)],
)
def test_expired_credentials_are_told_from_a_missing_permission(
    code: str, has_credentials: bool
) -> None:
    refused = ClientError({"Error": {"Code": code, "Message": "no"}}, "GetCallerIdentity")
    with pytest.raises(NoAccess) as caught, requesting(PROD, "sts:AssumeRole", ROLE):
        raise refused
    assert caught.value.has_credentials is has_credentials
    assert ("aws sso login" in caught.value.reason) is not has_credentials


def test_a_profile_that_expired_is_renewed_by_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text("[profile lab]\nregion = us-east-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    known = replace(account("prod", PROD, "us-east-1"), profile="lab")
    expired = ClientError({"Error": {"Code": "ExpiredToken", "Message": "no"}}, "GetBucketTagging")

    def refuse(*_: object) -> None:
        raise expired

    for profile, said in (("lab", True), ("elsewhere", False)):
        bucket = ListedBucket(replace(known, profile=profile), "acme-models", "us-east-1")
        found = ask(_Open(), bucket, READ_TAGS, refuse)
        assert isinstance(found, Failure)
        assert (f"`aws sso login --profile {profile}` renews" in found.why.reason) is said


class _Open(Clients):
    """The credentials were good when the client was made."""

    def s3(self, access: Access) -> Any:
        return access


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1", "nonsense"])
def test_an_address_where_nobody_answers_is_no_access(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(NoAccess, match="endpoint"):
        Clients().s3(Access(PROD, ROLE, "us-east-1"))


@pytest.mark.usefixtures("aws")
def test_what_s3_refuses_keeps_its_code() -> None:
    client = Clients().s3(Access(PROD, ROLE, "us-east-1"))
    with pytest.raises(NoAccess) as caught, requesting(PROD, "s3:GetBucketVersioning"):
        client.get_bucket_versioning(Bucket="no-such-bucket")
    assert caught.value.code == "NoSuchBucket"
    assert caught.value.permission == "s3:GetBucketVersioning"


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-21T11:15:05.000Z",
        "2026-11-21T11:15:05Z",
        "2026-11-21T11:15:05.123456Z",
        "2026-11-21T11:15:05+02:00",
        "Sat, 21 Nov 2026 11:15:05 GMT",
        "1795829415",
        1795829415,
        1795829415.5,
        "20261121T111505Z",
    ],
)
def test_a_timestamp_is_the_moment_that_botocore_reads(value: Any) -> None:
    assert read_timestamp(value) == parse_timestamp(value)


@pytest.mark.usefixtures("aws")
def test_dates_of_lists_are_read_that_way() -> None:
    client = Clients().s3(Access(PROD, ROLE, "us-east-1"))
    client.put_object(Bucket="acme-models-use1", Key="a")
    (found,) = client.list_objects_v2(Bucket="acme-models-use1")["Contents"]
    assert found["LastModified"].tzinfo is UTC  # of botocore's own it is the local one


def test_an_account_is_read_by_its_profile_where_this_machine_has_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, aws: testing.Emulator
) -> None:
    sts = aws.caller_client("sts")
    keys = sts.assume_role(RoleArn=ROLE, RoleSessionName="sso")["Credentials"]
    config = tmp_path / "config"
    config.write_text(
        f"[profile prod-read]\naws_access_key_id = {keys['AccessKeyId']}\n"
        f"aws_secret_access_key = {keys['SecretAccessKey']}\n"
        f"aws_session_token = {keys['SessionToken']}\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    before = len(aws.requests)

    def assumed(profile: str) -> bool:
        Clients().s3(Access(PROD, ROLE, "us-east-1", profile=profile)).list_buckets()
        return "AssumeRole" in {each.operation for each in aws.requests[before:]}

    assert not assumed("prod-read")
    assert assumed("elsewhere")
    with pytest.raises(NoAccess, match=f"belong to account {PROD}"):
        Clients().s3(Access(STAGING, ROLE, "us-east-1", profile="prod-read"))
