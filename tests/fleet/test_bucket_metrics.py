"""The storage metrics of a bucket, as the emulated S3 reports them to CloudWatch day by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from firnline import testing
from firnline.fleet.accounts import Access, Clients, NoAccess
from firnline.fleet.bucket_metrics import read_metrics
from firnline.inventory.storage_metrics import StorageMetrics
from firnline.testing import seed
from firnline.testing.faults import Fault
from firnline.testing.moto_process import find_bucket
from tests.fleet.small_world import PROD, put_rules

BUCKET = "acme-models-use1"
MIB = 2**20
ROLE = f"arn:aws:iam::{PROD}:role/retention"


def read(
    aws: testing.Emulator, *, bucket: str = BUCKET, until: datetime | None = None
) -> StorageMetrics | None:
    client = Clients().cloudwatch(Access(PROD, ROLE, "us-east-1"))
    return read_metrics(client, PROD, bucket, until or aws.now)


def put(aws: testing.Emulator, key: str, days_ago: int, size: int = MIB) -> None:
    bucket = find_bucket(BUCKET)
    assert bucket is not None
    seed.put_version(bucket, key, size, aws.now - timedelta(days=days_ago), {})


def ago(aws: testing.Emulator, days: int) -> date:
    return aws.now.date() - timedelta(days=days)


def test_sizes_and_numbers_are_those_of_each_day(aws: testing.Emulator) -> None:
    put(aws, "old", 20, 5 * MIB)
    put(aws, "new", 3)
    aws.report_storage_metrics()
    found = read(aws)
    assert found is not None
    assert found.bucket == BUCKET
    assert found.day == ago(aws, 0)
    assert found.on(ago(aws, 0)) == {"StandardStorage": 6 * MIB}
    assert found.on(ago(aws, 10)) == {"StandardStorage": 5 * MIB}
    assert (found.objects[ago(aws, 0)], found.objects[ago(aws, 10)]) == (2, 1)
    assert found.on(ago(aws, 25)) == {}


def test_each_day_that_the_clock_passes_is_reported(aws: testing.Emulator) -> None:
    """What moves, and what small objects and archived ones are billed beyond their size."""
    put(aws, "a", 20, 5 * MIB)
    put(aws, "b", 20, 5 * MIB)
    moves = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a"}}
    put_rules(aws, PROD, BUCKET, {**moves, "Transitions": [{"Days": 1, "StorageClass": "GLACIER"}]})
    aws.report_storage_metrics()
    aws.advance(days=3)
    found = read(aws)
    assert found is not None
    assert found.on(found.day) == {
        "StandardStorage": 5 * MIB,
        "GlacierStorage": 5 * MIB,
        "GlacierObjectOverhead": 32 * 1024,
        "GlacierS3ObjectOverhead": 8 * 1024,
    }
    assert found.on(ago(aws, 3)) == {"StandardStorage": 10 * MIB}
    assert found.stored_on(found.day) == 10 * MIB


def test_of_a_day_in_the_past_no_later_one_is_told(aws: testing.Emulator) -> None:
    put(aws, "old", 20)
    aws.report_storage_metrics()
    found = read(aws, until=aws.now - timedelta(days=5))
    assert found is not None
    assert found.day == ago(aws, 5)


def test_a_bucket_that_s3_reports_nothing_of_has_no_metrics(aws: testing.Emulator) -> None:
    assert read(aws) is None
    aws.report_storage_metrics()
    assert read(aws, bucket="acme-dev") is None  # it is of another account


@pytest.mark.parametrize(
    ("operation", "permission"),
    [
        ("ListMetrics", "cloudwatch:ListMetrics"),
        ("GetMetricData", "cloudwatch:GetMetricData"),
    ],
)
def test_access_that_is_denied_names_the_permission(
    operation: str, permission: str, aws: testing.Emulator
) -> None:
    put(aws, "old", 20)
    aws.report_storage_metrics()
    aws.middleware.faults.add(Fault(operation=operation, status=403, code="AccessDenied"))
    with pytest.raises(NoAccess) as refused:
        read(aws)
    assert refused.value.permission == permission
