import pytest

from firnline import testing
from firnline.fleet.accounts import Access, Clients, NoAccess, requesting
from tests.fleet.small_world import PROD, STAGING

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
    with pytest.raises(NoAccess, match="Unable to locate credentials"):
        Clients().s3(Access(PROD, ROLE, "us-east-1"))


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
