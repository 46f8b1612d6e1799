"""ListBuckets: only one's own, with regions, filters and pages as S3 has them."""

from typing import Any

import pytest

from firnline import testing

STAGING, PROD = "210987654321", "012345670123"


@pytest.fixture
def three_buckets(aws: testing.Emulator) -> testing.Emulator:
    s3 = aws.client("s3", account=STAGING)
    s3.create_bucket(Bucket="acme-b")
    s3.create_bucket(Bucket="acme-a")
    s3.create_bucket(Bucket="other", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    aws.client("s3", account=PROD).create_bucket(Bucket="acme-c")
    return aws


def test_only_the_buckets_of_the_account_are_listed_by_name(
    three_buckets: testing.Emulator,
) -> None:
    s3 = three_buckets.client("s3", account=STAGING)
    assert [found["Name"] for found in s3.list_buckets()["Buckets"]] == [
        "acme-a",
        "acme-b",
        "other",
    ]
    assert three_buckets.caller_client("s3").list_buckets()["Buckets"] == []


def test_regions_are_told_only_to_those_who_ask_with_a_parameter(
    three_buckets: testing.Emulator,
) -> None:
    s3 = three_buckets.client("s3", account=STAGING)
    plain = s3.list_buckets()["Buckets"]
    listed = s3.list_buckets(MaxBuckets=1000)["Buckets"]
    assert not any("BucketRegion" in found for found in plain)
    assert [found["BucketRegion"] for found in listed] == ["us-east-1", "us-east-1", "eu-west-1"]


def test_prefix_and_region_narrow_the_list(three_buckets: testing.Emulator) -> None:
    s3 = three_buckets.client("s3", account=STAGING)
    by_prefix = s3.list_buckets(Prefix="acme-")
    by_region = s3.list_buckets(BucketRegion="eu-west-1")
    assert [found["Name"] for found in by_prefix["Buckets"]] == ["acme-a", "acme-b"]
    assert by_prefix["Prefix"] == "acme-"
    assert [found["Name"] for found in by_region["Buckets"]] == ["other"]


def test_pages_follow_one_another(three_buckets: testing.Emulator) -> None:
    s3 = three_buckets.client("s3", account=STAGING)
    pages = s3.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 2})
    assert [[found["Name"] for found in page["Buckets"]] for page in pages] == [
        ["acme-a", "acme-b"],
        ["other"],
    ]


@pytest.mark.parametrize("wrong", ["max-buckets=0", "max-buckets=%C2%B2", "continuation-token=%25"])
def test_a_parameter_that_makes_no_sense_is_refused(speak: Any, wrong: str) -> None:
    answer = speak("GET", f"/?{wrong}")
    assert answer.status == 400
    assert "<Code>InvalidArgument</Code>" in answer.body
