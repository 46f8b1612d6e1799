"""Faults come as they were ordered: when, how often, and to whom."""

import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ReadTimeoutError,
)

from firnline import testing
from firnline.testing.faults import read_fault
from firnline.testing.moto_process import role_arn
from tests.waiting import wait_for

STAGING, PROD = "210987654321", "012345670123"
WRITE = "PutBucketLifecycleConfiguration"


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
        {"code": "NoSuchThing"},
        {"code": "SlowDown", "after": -1},
        {"stale": 2, "stale_seconds": 1},
        {"connection": "lost"},
        {"status": 503, "carried_out": True},
        {"expire_sessions": True},
        {"close_account": True},
        {"bucket": "acme-one", "writer": "edits", "every_seconds": 1},
        {"bucket": "acme-one", "writer": "adds"},
        {"bucket": "acme-one", "status": 503, "every_seconds": 1},
        {"writer": "adds", "every_seconds": 1},
        {"bucket": "acme-one", "writer": "adds", "every_seconds": 1, "times": 3},
    ],
    ids=json.dumps,
)
def test_a_fault_that_makes_no_sense_is_refused(fault: object) -> None:
    with pytest.raises(testing.BadFault):
        read_fault(fault)


def test_a_refusal_of_a_fault_says_what_is_expected(aws: testing.Emulator) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400") as refused:
        order(aws, {"connection": "lost"})
    assert json.load(refused.value) == {"error": "`connection` is one of: silent, reset"}
    assert aws.middleware.faults.pending == ()


def test_what_s3_says_with_a_code_needs_no_status(aws: testing.Emulator, bucket: str) -> None:
    s3 = impatient(aws)
    order(aws, {"operation": "HeadBucket", "code": "SlowDown"})
    with pytest.raises(ClientError, match="503"):
        s3.head_bucket(Bucket=bucket)
    order(aws, {"bucket": bucket, "code": "SlowDown"})
    with pytest.raises(ClientError, match=r"SlowDown.*Please reduce your request rate"):
        s3.list_objects_v2(Bucket=bucket)
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_a_client_that_tries_again_gets_past_a_slow_down(
    aws: testing.Emulator, bucket: str
) -> None:
    order(aws, {"bucket": bucket, "code": "SlowDown"})
    s3 = impatient(aws, attempts=2)
    answer: Any = s3.list_objects_v2(Bucket=bucket)
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1


def test_a_fault_can_let_the_first_requests_pass(aws: testing.Emulator, bucket: str) -> None:
    s3 = impatient(aws)
    order(aws, {"operation": "ListObjectsV2", "bucket": bucket, "code": "AccessDenied", "after": 2})
    s3.list_objects_v2(Bucket=bucket)
    s3.list_objects_v2(Bucket=bucket)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_objects_v2(Bucket=bucket)


@pytest.mark.parametrize(
    ("connection", "raised"),
    [("silent", ReadTimeoutError), ("reset", ConnectionClosedError)],
)
@pytest.mark.parametrize("carried_out", [False, True])
def test_an_answer_that_is_lost_tells_nothing_about_the_write(
    aws: testing.Emulator, bucket: str, connection: str, raised: Any, carried_out: bool
) -> None:
    s3 = impatient(aws)
    order(aws, {"operation": WRITE, "connection": connection, "carried_out": carried_out})
    with pytest.raises(raised):
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules(7))
    stored = aws.middleware.state.lifecycles.current(bucket)
    assert (stored is not None) is carried_out
    assert [each.status for each in aws.requests if each.operation == WRITE] == [0]


def test_an_emulator_that_ends_waits_for_nobody_who_still_waits_for_it() -> None:
    with ThreadPoolExecutor(1) as others:
        with testing.s3_with_lifecycle() as s3:
            s3.fail(connection="silent")
            waiting = others.submit(urllib.request.urlopen, s3.endpoint)
            wait_for(lambda: s3.aws.requests, "no request")
            assert not waiting.done()
        assert isinstance(waiting.exception(timeout=5), ConnectionError)


def test_reads_can_be_stale_for_a_time(aws: testing.Emulator, bucket: str) -> None:
    s3, clock = aws.client("s3", account=STAGING), Moments()
    aws.middleware.faults.now = clock
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules(180))
    order(aws, {"bucket": bucket, "stale_seconds": 30, "after_write": True})
    clock.seconds = 1000
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules(181))
    assert days_seen(s3, bucket, 9) == [180] * 9
    clock.seconds = 1029
    assert days_seen(s3, bucket, 1) == [180]
    assert len(aws.middleware.faults.pending) == 1
    clock.seconds = 1030
    assert days_seen(s3, bucket, 1) == [181]
    assert not aws.middleware.faults.pending


def test_sessions_expire_in_the_middle_and_a_new_one_is_valid(
    aws: testing.Emulator, bucket: str
) -> None:
    s3, other = aws.client("s3", account=STAGING), aws.client("s3", account=PROD)
    sts = aws.client("sts", account=STAGING)
    order(aws, {"account": STAGING, "expire_sessions": True, "after": 1})
    s3.head_bucket(Bucket=bucket)
    with pytest.raises(ClientError, match=r"ExpiredToken.*The provided token has expired"):
        s3.list_buckets()
    with pytest.raises(ClientError, match="ExpiredToken"):
        sts.get_caller_identity()
    other.list_buckets()
    aws.client("s3", account=STAGING).head_bucket(Bucket=bucket)
    order(aws, None, method="DELETE")
    s3.list_buckets()


def test_a_closed_account_refuses_its_role_and_every_session(
    aws: testing.Emulator, bucket: str
) -> None:
    s3 = aws.client("s3", account=STAGING)
    order(aws, {"account": STAGING, "operation": WRITE, "close_account": True})
    s3.list_buckets()
    with pytest.raises(ClientError, match="AccountProblem"):
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules(7))
    with pytest.raises(ClientError, match="AccountProblem"):
        s3.list_buckets()
    with pytest.raises(ClientError, match=r"AccessDenied.*sts:AssumeRole on resource"):
        aws.client("s3", account=STAGING)
    aws.client("s3", account=PROD).list_buckets()
    assert aws.middleware.state.lifecycles.current(bucket) is None
    order(aws, None, method="DELETE")
    s3.list_buckets()


def test_another_writer_puts_its_rule_again_and_again(aws: testing.Emulator, bucket: str) -> None:
    s3, clock = aws.client("s3", account=STAGING), Moments()
    aws.middleware.faults.now = clock
    order(aws, {"bucket": bucket, "writer": "adds", "every_seconds": 0.5})
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules(180))
    assert ids_seen(s3, bucket) == ["a"]
    clock.seconds += 0.5
    assert ids_seen(s3, bucket) == ["a", "another-writer-1"]
    clock.seconds += 100
    assert ids_seen(s3, bucket) == ["a", "another-writer-201"]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules(181))
    assert ids_seen(s3, bucket) == ["a"]
    clock.seconds += 0.5
    assert ids_seen(s3, bucket) == ["a", "another-writer-202"]
    events = aws.client("cloudtrail", account=STAGING).lookup_events()["Events"]
    assert sum("another-writer/1.0" in each["CloudTrailEvent"] for each in events) == 4
    order(aws, None, method="DELETE")
    clock.seconds += 100
    assert ids_seen(s3, bucket) == ["a", "another-writer-202"]


def test_another_writer_can_replace_all_rules(aws: testing.Emulator, bucket: str) -> None:
    s3, clock = aws.client("s3", account=STAGING), Moments()
    aws.middleware.faults.now = clock
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules(180))
    order(aws, {"bucket": bucket, "writer": "replaces", "every_seconds": 0.5})
    assert ids_seen(s3, bucket) == ["a"]
    clock.seconds += 0.5
    assert ids_seen(s3, bucket) == ["another-writer-1"]


class Moments:
    """In place of the clock by which faults begin and end."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def impatient(aws: testing.Emulator, attempts: int = 1) -> Any:
    """A client that waits for an answer for no longer than a moment."""
    config = Config(read_timeout=0.3, retries={"total_max_attempts": attempts, "mode": "standard"})
    keys = aws.caller_client("sts").assume_role(
        RoleArn=role_arn(STAGING), RoleSessionName="impatient"
    )
    return boto3.session.Session(
        aws_access_key_id=keys["Credentials"]["AccessKeyId"],
        aws_secret_access_key=keys["Credentials"]["SecretAccessKey"],
        aws_session_token=keys["Credentials"]["SessionToken"],
        region_name="us-east-1",
    ).client("s3", endpoint_url=aws.endpoint, config=config)


def ids_seen(s3: Any, bucket: str) -> list[str]:
    found = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    return [rule["ID"] for rule in found]


def days_seen(s3: Any, bucket: str, times: int) -> list[int]:
    return [
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"][0]["Expiration"]["Days"]
        for _ in range(times)
    ]
