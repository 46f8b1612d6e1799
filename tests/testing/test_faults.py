"""Faults come as they were ordered: when, how often, and to whom."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from firnline import testing

STAGING, PROD = "210987654321", "012345670123"


def rules(days: int) -> Any:
    return {"Rules": [{"ID": "a", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": days}}]}


def order(aws: testing.Emulator, fault: object, method: str = "POST") -> Any:
    request = urllib.request.Request(
        f"{aws.endpoint}/_firnline/faults", json.dumps(fault).encode(), method=method
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or "null")


def status_of_list(aws: testing.Emulator, account: str) -> tuple[int, str]:
    try:
        aws.client("s3", account=account).list_buckets()
    except ClientError as error:
        response: Any = error.response
        return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]
    return 200, ""


def test_an_operation_fails_for_one_account_and_so_many_times(aws: testing.Emulator) -> None:
    order(
        aws,
        {
            "operation": "ListBuckets",
            "account": STAGING,
            "status": 403,
            "code": "AccessDenied",
            "message": "no s3:ListAllMyBuckets",
            "times": 2,
        },
    )
    assert status_of_list(aws, PROD) == (200, "")
    assert [status_of_list(aws, STAGING) for _ in range(3)] == [
        (403, "AccessDenied"),
        (403, "AccessDenied"),
        (200, ""),
    ]


def test_assuming_a_role_fails_by_the_account_of_the_role(aws: testing.Emulator) -> None:
    fault = {"operation": "AssumeRole", "account": STAGING, "status": 403, "code": "AccessDenied"}
    order(aws, fault)
    aws.client("s3", account=PROD)
    with pytest.raises(ClientError, match=r"AccessDenied.*AssumeRole"):
        aws.client("s3", account=STAGING)


def test_a_delay_only_delays(aws: testing.Emulator, bucket: str) -> None:
    s3 = aws.client("s3", account=STAGING)
    order(aws, {"operation": "HeadBucket", "bucket": bucket, "delay_seconds": 0.3})
    began = time.monotonic()
    s3.head_bucket(Bucket=bucket)
    assert time.monotonic() - began >= 0.3


def test_stale_reads_see_the_configuration_before_the_last_write(
    aws: testing.Emulator, bucket: str
) -> None:
    s3 = aws.client("s3", account=STAGING)
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules(180))
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules(181))
    order(aws, {"operation": "GetBucketLifecycleConfiguration", "bucket": bucket, "stale": 2})
    assert days_seen(s3, bucket, 3) == [180, 180, 181]


def test_stale_reads_can_wait_for_the_next_write(aws: testing.Emulator, bucket: str) -> None:
    s3 = aws.client("s3", account=STAGING)
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules(180))
    order(aws, {"bucket": bucket, "stale": 1, "after_write": True})
    assert days_seen(s3, bucket, 2) == [180, 180]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules(181))
    assert days_seen(s3, bucket, 2) == [180, 181]


def test_a_stale_read_after_the_first_write_sees_nothing(
    aws: testing.Emulator, bucket: str
) -> None:
    s3 = aws.client("s3", account=STAGING)
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules(180))
    order(aws, {"bucket": bucket, "stale": 1})
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)


def test_faults_are_listed_and_cleared(aws: testing.Emulator) -> None:
    order(aws, {"operation": "ListBuckets", "status": 503, "code": "SlowDown"})
    with urllib.request.urlopen(f"{aws.endpoint}/_firnline/faults", timeout=10) as answer:
        assert [fault["code"] for fault in json.load(answer)] == ["SlowDown"]
    order(aws, None, method="DELETE")
    assert aws.middleware.faults.pending == ()
    assert status_of_list(aws, STAGING) == (200, "")


@pytest.mark.parametrize(
    "fault",
    [
        [],
        {},
        {"operation": "ListBuckets"},
        {"operaton": "ListBuckets", "status": 403},
        {"status": "403"},
        {"status": 200},
        {"status": 403, "times": 0},
        {"stale": True},
        {"status": 403, "after_write": True},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(aws: testing.Emulator, fault: object) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        order(aws, fault)
    assert aws.middleware.faults.pending == ()


def days_seen(s3: Any, bucket: str, times: int) -> list[int]:
    return [
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"][0]["Expiration"]["Days"]
        for _ in range(times)
    ]
