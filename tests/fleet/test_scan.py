import pytest

from firnline import testing
from firnline.fleet import scan as scanning
from firnline.fleet.scan import Scan, Wanted, scan
from firnline.language.fleet import Account
from firnline.s3.terms import Versioning
from tests.fleet.small_world import FOREIGN_RULE, OUR_RULE, PROD, STAGING, account, put_rules

ACCOUNTS = (
    account("prod", PROD, "us-east-1", "eu-west-1"),
    account("staging", STAGING, "us-east-1"),
)


def look(
    *covered: str,
    locked: tuple[tuple[str, str], ...] = (),
    accounts: tuple[Account, ...] = ACCOUNTS,
) -> Scan:
    def is_covered(_account: str, bucket: str, _region: str) -> bool:
        return bucket in covered

    wanted = Wanted("acme", is_covered, frozenset(locked))
    return scan(accounts, wanted, lambda *_: None)


def refuse(aws: testing.Emulator, operation: str, account: str = "", bucket: str = "") -> None:
    fault = testing.Fault(
        operation=operation,
        account=account,
        bucket=bucket,
        status=403,
        code="AccessDenied",
        message="Access Denied",
        times=1_000,
    )
    aws.middleware.faults.add(fault)


def told(found: Scan) -> list[tuple[str, str | None, str]]:
    return [(each.account.label.value, each.bucket, each.why.permission) for each in found.failures]


@pytest.mark.usefixtures("aws")
def test_covered_buckets_are_found_with_their_facts() -> None:
    found = look("acme-models-use1", "acme-models-euw1", "acme-dev")
    assert [(each.bucket.key, each.versioning, each.object_lock) for each in found.found] == [
        ("prod/eu-west-1/acme-models-euw1", Versioning.OFF, False),
        ("prod/us-east-1/acme-models-use1", Versioning.ENABLED, False),
        ("staging/us-east-1/acme-dev", Versioning.SUSPENDED, False),
    ]
    assert found.others == 1
    assert not found.failures


def test_a_bucket_that_no_policy_covers_is_found_by_rules_of_ours(aws: testing.Emulator) -> None:
    put_rules(aws, STAGING, "acme-dev", OUR_RULE)
    put_rules(aws, STAGING, "somebody-elses", FOREIGN_RULE)
    found = look()
    assert [(each.bucket.name, each.covered) for each in found.found] == [("acme-dev", False)]


def test_every_page_of_the_list_is_read(
    aws: testing.Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "_PAGE", 1)
    found = look("acme-models-use1", "acme-models-euw1")
    assert [each.bucket.name for each in found.found] == ["acme-models-euw1", "acme-models-use1"]
    assert sum(each.operation == "ListBuckets" for each in aws.requests) == 4


@pytest.mark.usefixtures("aws")
def test_buckets_in_regions_that_are_not_listed_are_told_apart() -> None:
    found = look("acme-models-euw1", accounts=(account("prod", PROD, "us-east-1"),))
    assert [bucket.key for bucket in found.elsewhere] == ["prod/eu-west-1/acme-models-euw1"]
    assert not found.found


def test_all_accounts_are_tried_and_every_failure_is_told(aws: testing.Emulator) -> None:
    refuse(aws, "AssumeRole", account=PROD)
    refuse(aws, "GetBucketVersioning", bucket="acme-dev")
    refuse(aws, "GetObjectLockConfiguration", bucket="acme-dev")
    refuse(aws, "GetBucketLifecycleConfiguration", bucket="acme-dev")
    assert told(look("acme-dev")) == [
        ("prod", None, "sts:AssumeRole"),
        ("staging", "acme-dev", "s3:GetBucketObjectLockConfiguration"),
        ("staging", "acme-dev", "s3:GetBucketVersioning"),
        ("staging", "acme-dev", "s3:GetLifecycleConfiguration"),
    ]


def test_an_account_that_does_not_list_its_buckets_is_a_failure(aws: testing.Emulator) -> None:
    refuse(aws, "ListBuckets", account=STAGING)
    assert told(look()) == [("staging", None, "s3:ListAllMyBuckets")]


def test_a_bucket_of_nobody_of_ours_may_refuse(aws: testing.Emulator) -> None:
    """A bucket's own policy may deny everybody; that must not stop the other 499."""
    refuse(aws, "GetBucketLifecycleConfiguration", bucket="somebody-elses")
    found = look("acme-dev")
    assert not found.failures
    assert [failure.bucket for failure in found.unread] == ["somebody-elses"]


def test_a_bucket_that_the_lock_knows_may_not_refuse(aws: testing.Emulator) -> None:
    refuse(aws, "GetBucketLifecycleConfiguration", bucket="somebody-elses")
    found = look("acme-dev", locked=((STAGING, "somebody-elses"),))
    assert told(found) == [("staging", "somebody-elses", "s3:GetLifecycleConfiguration")]


def test_a_role_that_may_read_no_bucket_is_a_failure(aws: testing.Emulator) -> None:
    refuse(aws, "GetBucketLifecycleConfiguration", account=STAGING)
    assert {label for label, _, _ in told(look())} == {"staging"}


def test_a_bucket_that_went_away_meanwhile_is_no_failure(aws: testing.Emulator) -> None:
    gone = testing.Fault(bucket="acme-dev", status=404, code="NoSuchBucket", times=10)
    aws.middleware.faults.add(gone)
    found = look("acme-dev")
    assert not found.failures
    assert not found.found


@pytest.mark.usefixtures("aws")
def test_progress_is_told_of_every_account() -> None:
    told: list[tuple[str, int, int]] = []
    wanted = Wanted("acme", lambda *_: True)
    scan(ACCOUNTS, wanted, lambda account, read, of: told.append((account.label.value, read, of)))
    assert {("prod", 2, 2), ("staging", 2, 2)} <= set(told)
