"""The words of S3 that come from outside: regions, names, statuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firnline.s3.terms import (
    AccessTier,
    BucketType,
    Bytes,
    Partition,
    ReplicationStatus,
    Versioning,
)


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", Partition.AWS),
        ("cn-north-1", Partition.CHINA),
        ("us-gov-west-1", Partition.GOVCLOUD),
    ],
)
def test_the_region_tells_the_partition(region: str, partition: Partition) -> None:
    assert Partition.of_region(region) is partition


@pytest.mark.parametrize("name", ["aws-iso", "moon", ""])
def test_a_partition_that_no_fact_speaks_of_is_read_as_aws(name: str) -> None:
    assert Partition.called(name) is Partition.AWS


@pytest.mark.parametrize("partition", Partition)
def test_a_partition_is_found_by_its_name(partition: Partition) -> None:
    assert Partition.called(partition.value) is partition


@pytest.mark.parametrize(
    ("status", "versioning"),
    [
        (None, Versioning.OFF),
        ("Enabled", Versioning.ENABLED),
        ("Suspended", Versioning.SUSPENDED),
    ],
)
def test_the_status_of_a_bucket_tells_its_versioning(
    status: str | None, versioning: Versioning
) -> None:
    assert Versioning.of_status(status) is versioning


def test_a_status_that_s3_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="maybe"):
        Versioning.of_status("Maybe")


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("lab-data", BucketType.GENERAL_PURPOSE),
        ("lab--use1-az4--x-s3", BucketType.DIRECTORY),
        ("x-s3", BucketType.GENERAL_PURPOSE),
    ],
)
def test_the_name_tells_a_directory_bucket(name: str, type: BucketType) -> None:
    assert BucketType.of_name(name) is type


@pytest.mark.parametrize(
    ("said", "tier"),
    [
        ("FREQUENT", AccessTier.FREQUENT),
        ("infrequent access", AccessTier.INFREQUENT),
        ("ARCHIVE", AccessTier.ARCHIVE),
        ("Archive-Instant-Access", AccessTier.ARCHIVE_INSTANT),
        ("DEEP_ARCHIVE_ACCESS", AccessTier.DEEP_ARCHIVE),
    ],
)
def test_an_access_tier_is_read_in_each_spelling_of_aws(said: str, tier: AccessTier) -> None:
    assert AccessTier.of(said) is tier


@pytest.mark.parametrize("said", ["COMPLETE", "COMPLETED", "completed"])
def test_both_words_for_a_finished_replication_are_read(said: str) -> None:
    assert ReplicationStatus.of(said) is ReplicationStatus.COMPLETED


@pytest.mark.parametrize("read", [AccessTier.of, ReplicationStatus.of])
def test_a_word_that_s3_does_not_have_is_refused_with_those_that_it_has(
    read: Callable[[str], object],
) -> None:
    with pytest.raises(ValueError, match="'LATER' is none of "):
        read("LATER")


@pytest.mark.parametrize(
    ("size", "read"),
    [
        (0, "0B"),
        (999, "999B"),
        (1_000, "1KiB"),
        (1_536, "1.5KiB"),
        (5 * 2**30, "5GiB"),
        (999 * 2**20, "999MiB"),
        (1_000 * 2**20, "1GiB"),
        (1_234 * 2**40, "1.2PiB"),
        (123_456 * 2**50, "123,456PiB"),
    ],
)
def test_a_sum_of_sizes_is_rounded_for_reading(size: int, read: str) -> None:
    assert Bytes(size).rounded == read
