"""A bucket whose versioning is suspended keeps its versions, and has one null version of a key."""

from __future__ import annotations

from typing import Any

import pytest

from firnline import testing

STAGING = "210987654321"


@pytest.fixture
def s3(aws: testing.Emulator, bucket: str) -> Any:
    """`a` has one version with an ID, from before the suspension."""
    client: Any = aws.client("s3", account=STAGING)
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    client.put_object(Bucket=bucket, Key="a", Body=b"first")
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    return client


def versions(s3: Any, key: str = "a") -> list[str]:
    """Newest first; `v` for any ID, `marker` for a null marker."""
    listed = s3.list_object_versions(Bucket="acme-one", Prefix=key)
    data = [(each, "") for each in listed.get("Versions", [])]
    markers = [(each, "marker ") for each in listed.get("DeleteMarkers", [])]
    newest_first = sorted(
        data + markers,
        key=lambda pair: (pair[0]["IsLatest"], pair[0]["LastModified"]),
        reverse=True,
    )
    return [
        f"{kind}{'null' if each['VersionId'] == 'null' else 'v'}" for each, kind in newest_first
    ]


def test_a_write_makes_the_null_version_and_the_next_replaces_it(s3: Any) -> None:
    for text in (b"second", b"third"):
        assert s3.put_object(Bucket="acme-one", Key="a", Body=text)["VersionId"] == "null"
        assert versions(s3) == ["null", "v"]
    assert s3.get_object(Bucket="acme-one", Key="a")["Body"].read() == b"third"
    assert s3.get_bucket_versioning(Bucket="acme-one")["Status"] == "Suspended"


def test_a_delete_puts_a_null_marker_in_the_place_of_the_null_version(s3: Any) -> None:
    s3.put_object(Bucket="acme-one", Key="a", Body=b"second")
    deleted = s3.delete_object(Bucket="acme-one", Key="a")
    assert (deleted["DeleteMarker"], deleted["VersionId"]) == (True, "null")
    assert versions(s3) == ["marker null", "v"]
    s3.delete_object(Bucket="acme-one", Key="a", VersionId="null")
    assert versions(s3) == ["v"]
    assert s3.get_object(Bucket="acme-one", Key="a")["Body"].read() == b"first"


def test_several_are_deleted_at_once(s3: Any) -> None:
    s3.put_object(Bucket="acme-one", Key="b", Body=b"x")
    s3.delete_objects(Bucket="acme-one", Delete={"Objects": [{"Key": "a"}, {"Key": "b"}]})
    assert versions(s3) == ["marker null", "v"]
    assert versions(s3, "b") == ["marker null"]


def test_a_version_with_an_id_can_be_deleted_alone(s3: Any) -> None:
    s3.put_object(Bucket="acme-one", Key="a", Body=b"second")
    listed = s3.list_object_versions(Bucket="acme-one")["Versions"]
    (old,) = (each["VersionId"] for each in listed if each["VersionId"] != "null")
    s3.delete_object(Bucket="acme-one", Key="a", VersionId=old)
    assert versions(s3) == ["null"]


def test_tags_and_copies_and_uploads_are_of_the_null_version(s3: Any) -> None:
    s3.put_object(Bucket="acme-one", Key="a", Body=b"second", Tagging="n=1")
    s3.put_object(Bucket="acme-one", Key="a", Body=b"third", Tagging="m=2")
    tags = s3.get_object_tagging(Bucket="acme-one", Key="a")["TagSet"]
    assert tags == [{"Key": "m", "Value": "2"}]
    s3.copy_object(Bucket="acme-one", Key="a", CopySource="acme-one/a", MetadataDirective="REPLACE")
    assert versions(s3) == ["null", "v"]
    upload = s3.create_multipart_upload(Bucket="acme-one", Key="a")["UploadId"]
    part = s3.upload_part(Bucket="acme-one", Key="a", UploadId=upload, PartNumber=1, Body=b"fourth")
    s3.complete_multipart_upload(
        Bucket="acme-one",
        Key="a",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    assert versions(s3) == ["null", "v"]
    assert s3.get_object(Bucket="acme-one", Key="a")["Body"].read() == b"fourth"


def test_a_version_below_the_null_version_is_noncurrent_since_the_last_write(
    aws: testing.Emulator, s3: Any
) -> None:
    s3.put_object(Bucket="acme-one", Key="a", Body=b"second")
    aws.advance(days=20)
    s3.put_object(Bucket="acme-one", Key="a", Body=b"third")
    rule = {"ID": "old", "Status": "Enabled", "Filter": {}}
    s3.put_bucket_lifecycle_configuration(
        Bucket="acme-one",
        LifecycleConfiguration={
            "Rules": [{**rule, "NoncurrentVersionExpiration": {"NoncurrentDays": 10}}]
        },
    )
    assert aws.advance(days=10).events == ()
    (gone,) = aws.advance(days=1).events
    assert gone.action.value == "delete_version"
    assert versions(s3) == ["null"]
