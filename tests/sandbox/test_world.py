"""The sample world, as boto3 finds it through each account's role."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from firnline import testing
from firnline.s3.terms import Versioning
from sandbox.world.accounts import ACCOUNTS, BUCKETS, LOGS, Bucket
from sandbox.world.load import load_world
from sandbox.world.objects import uploads_in, versions_in

STARTED = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def aws() -> Iterator[testing.Emulator]:
    with testing.serve(load_world) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def listed(aws: testing.Emulator) -> dict[str, tuple[list[Any], list[Any]]]:
    """Versions and delete markers by bucket."""
    return {bucket.name: _versions(aws, bucket) for bucket in BUCKETS}


def _versions(aws: testing.Emulator, bucket: Bucket) -> tuple[list[Any], list[Any]]:
    s3 = aws.client("s3", account=bucket.account.id)
    pages = list(s3.get_paginator("list_object_versions").paginate(Bucket=bucket.name))
    return (
        [version for page in pages for version in page.get("Versions", [])],
        [marker for page in pages for marker in page.get("DeleteMarkers", [])],
    )


def test_each_account_owns_its_buckets_in_their_regions(aws: testing.Emulator) -> None:
    found = {
        (account.label, bucket["Name"], bucket["BucketRegion"])
        for account in ACCOUNTS
        for bucket in aws.client("s3", account=account.id).list_buckets(MaxBuckets=100)["Buckets"]
    }
    assert found == {
        ("ml-staging", "acme-ml-artifacts-dev-use1", "us-east-1"),
        ("ml-staging", "acme-ml-artifacts-ci-use1", "us-east-1"),
        ("ml-prod", "acme-ml-artifacts-use1", "us-east-1"),
        ("ml-prod", "acme-ml-artifacts-euw1", "eu-west-1"),
        ("ml-prod", "acme-training-logs-use1", "us-east-1"),
        ("research", "acme-research-experiments-use1", "us-east-1"),
        ("research", "acme-research-audit-euw1", "eu-west-1"),
    }


@pytest.mark.parametrize("bucket", BUCKETS, ids=lambda bucket: bucket.name)
def test_each_bucket_has_its_versioning(aws: testing.Emulator, bucket: Bucket) -> None:
    s3 = aws.client("s3", account=bucket.account.id)
    assert (
        s3.get_bucket_versioning(Bucket=bucket.name).get("Status")
        == Versioning(bucket.versioning).status
    )


def test_there_are_some_thousand_objects_under_the_known_prefixes(listed: Any) -> None:
    keys = {(name, v["Key"]) for name, (versions, _) in listed.items() for v in versions}
    assert 3_000 < len(keys) < 5_000
    by_folder = Counter(key.partition("/")[0] for _, key in keys)
    assert set(by_folder) == {"checkpoints", "experiments", "models", "audit", "logs"}
    assert min(by_folder.values()) > 300
    assert any(key.startswith("models/production/") for _, key in keys)
    assert any(key.startswith("experiments/killed/") for _, key in keys)


def test_ages_span_four_hundred_days_and_nothing_is_from_the_future(
    aws: testing.Emulator, listed: Any
) -> None:
    ages = [
        aws.started - entry["LastModified"]
        for both in listed.values()
        for entries in both
        for entry in entries
    ]
    assert timedelta(0) < min(ages) < timedelta(days=2)
    assert timedelta(days=390) < max(ages) < timedelta(days=401)
    assert sum(age < timedelta(days=90) for age in ages) > len(ages) / 5


def test_sizes_run_from_bytes_to_gigabytes(listed: Any) -> None:
    sizes = [version["Size"] for versions, _ in listed.values() for version in versions]
    assert min(sizes) < 1 << 12
    assert max(sizes) > 10 << 30
    assert sum(sizes) > 2 << 40
    assert any(size < 128 << 10 for size in sizes)


def test_versioned_buckets_hold_old_versions_markers_and_incomplete_uploads(
    aws: testing.Emulator, listed: Any
) -> None:
    for bucket in BUCKETS:
        versions, markers = listed[bucket.name]
        old = [version for version in versions if not version["IsLatest"]]
        assert bool(old) == bool(markers) == (bucket.versioning != "off")
        s3 = aws.client("s3", account=bucket.account.id)
        uploads = s3.list_multipart_uploads(Bucket=bucket.name)["Uploads"]
        begun = {(aws.started - upload["Initiated"]).days for upload in uploads}
        assert begun == {1, 3, 5, 12, 40, 90, 200}


def test_the_suspended_bucket_holds_null_versions_and_older_ones_with_ids(listed: Any) -> None:
    versions, markers = listed[LOGS.name]
    null = [v for v in [*versions, *markers] if v["VersionId"] == "null"]
    numbered = [v for v in [*versions, *markers] if v["VersionId"] != "null"]
    assert len(null) > 100
    assert len(numbered) > 100
    assert max(v["LastModified"] for v in numbered) < min(v["LastModified"] for v in null)
    assert max(Counter(v["Key"] for v in null).values()) == 1
    keys_of_null = {v["Key"] for v in null}
    assert any(v["Key"] in keys_of_null for v in numbered)


def test_objects_carry_tags_and_answer_to_head(aws: testing.Emulator) -> None:
    s3 = aws.client("s3", account="012345670123")
    listed = s3.list_objects_v2(Bucket="acme-ml-artifacts-use1", Prefix="models/production/")
    biggest = max(listed["Contents"], key=lambda found: found["Size"])
    where: Any = {"Bucket": "acme-ml-artifacts-use1", "Key": biggest["Key"]}
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_object_tagging(**where)["TagSet"]}
    assert tags.keys() == {"team", "stage", "run"}
    assert tags["stage"] == "production"
    assert s3.head_object(**where)["ContentLength"] == biggest["Size"]


def test_the_world_is_the_same_for_the_same_seed() -> None:
    for bucket in BUCKETS:
        assert versions_in(bucket, STARTED) == versions_in(bucket, STARTED)
        assert uploads_in(bucket) == uploads_in(bucket)
        assert versions_in(bucket, STARTED) != versions_in(bucket, STARTED, seed=1)


def test_another_day_changes_only_names_that_hold_a_date() -> None:
    dated = {LOGS.name, "acme-ml-artifacts-use1", "acme-ml-artifacts-euw1"}
    dated.add("acme-research-audit-euw1")
    later = STARTED + timedelta(days=30)
    for bucket in BUCKETS:
        same = versions_in(bucket, STARTED) == versions_in(bucket, later)
        assert same == (bucket.name not in dated)
