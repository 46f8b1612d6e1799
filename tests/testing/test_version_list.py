"""ListObjectVersions: pages that begin anywhere have every version once, the newest first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from firnline.testing.fixture import S3WithLifecycle, s3_with_lifecycle

KEYS = ("a", "b/1", "b/2", "c + %", "e\nf\r", "ü/x")


@pytest.fixture
def s3() -> Iterator[S3WithLifecycle]:
    """A versioned bucket with two versions of each key, of which the newer has two bytes."""
    with s3_with_lifecycle() as s3:
        s3.client.create_bucket(Bucket="acme")
        s3.client.put_bucket_versioning(
            Bucket="acme", VersioningConfiguration={"Status": "Enabled"}
        )
        for key in KEYS:
            for size in (1, 2):
                s3.put("acme", key, size=size, age=9 - size)
        yield s3


@pytest.mark.parametrize("size", range(1, 14))
def test_pages_of_any_size_have_each_version_once(s3: S3WithLifecycle, size: int) -> None:
    pages = s3.client.get_paginator("list_object_versions").paginate(
        Bucket="acme", PaginationConfig={"PageSize": size}
    )
    found = [(each["Key"], each["Size"]) for page in pages for each in page["Versions"]]
    assert found == [(key, size) for key in KEYS for size in (2, 1)]


@pytest.mark.parametrize(
    ("marker", "first"), [("", "a"), ("a", "b/1"), ("b/", "b/1"), ("b/1", "b/2"), ("c", "c + %")]
)
def test_a_page_begins_after_any_key(s3: S3WithLifecycle, marker: str, first: str) -> None:
    page = s3.client.list_object_versions(Bucket="acme", KeyMarker=marker)
    assert [each["Key"] for each in page["Versions"][:2]] == [first, first]
    assert [each["IsLatest"] for each in page["Versions"][:2]] == [True, False]


def test_delete_markers_are_listed_among_the_versions(s3: S3WithLifecycle) -> None:
    s3.client.delete_object(Bucket="acme", Key="b/1")
    page = s3.client.list_object_versions(Bucket="acme", Prefix="b/", MaxKeys=1)
    assert page.get("Versions", []) == []
    (marker,) = page["DeleteMarkers"]
    assert (marker["Key"], marker["IsLatest"]) == ("b/1", True)
    assert (page["NextKeyMarker"], page["NextVersionIdMarker"]) == ("b/1", marker["VersionId"])


@pytest.mark.parametrize("size", [1, 2, 100])
def test_common_prefixes_are_listed_once_in_any_pages(s3: S3WithLifecycle, size: int) -> None:
    pages = s3.client.get_paginator("list_object_versions").paginate(
        Bucket="acme", Delimiter="/", PaginationConfig={"PageSize": size}
    )
    found = [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", ())]
    assert found == ["b/", "ü/"]


def test_another_account_may_not_list(s3: S3WithLifecycle) -> None:
    other = s3.aws.client("s3", account="210987654321")
    with pytest.raises(other.exceptions.ClientError, match="AccessDenied"):
        other.list_object_versions(Bucket="acme")
