"""Objects are deleted as S3 deletes them, one by one and many at once."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from firnline import testing

STAGING = "210987654321"
BUCKET = "acme-one"


@pytest.fixture(params=["Enabled", "Suspended", ""], ids=lambda status: status or "never")
def s3(request: pytest.FixtureRequest, aws: testing.Emulator, bucket: str) -> Any:
    client: Any = aws.client("s3", account=STAGING)
    if request.param:
        client.put_bucket_versioning(
            Bucket=bucket, VersioningConfiguration={"Status": request.param}
        )
    return client


def _delete(s3: Any, *objects: dict[str, str], quiet: bool = False) -> Any:
    return s3.delete_objects(Bucket=BUCKET, Delete={"Objects": list(objects), "Quiet": quiet})


def _there(s3: Any) -> set[str]:
    return {each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def _markers(s3: Any) -> list[str]:
    listed = s3.list_object_versions(Bucket=BUCKET).get("DeleteMarkers", [])
    return [each["Key"] for each in listed]


def test_what_has_another_etag_is_not_deleted_and_the_others_are(s3: Any) -> None:
    etag = s3.put_object(Bucket=BUCKET, Key="same", Body=b"1")["ETag"]
    s3.put_object(Bucket=BUCKET, Key="changed", Body=b"2")
    answer = _delete(
        s3,
        {"Key": "same", "ETag": etag},
        {"Key": "changed", "ETag": etag},
        {"Key": "gone", "ETag": etag},
    )
    assert [each["Key"] for each in answer["Deleted"]] == ["same"]
    assert {each["Key"]: each["Code"] for each in answer["Errors"]} == {
        "changed": "PreconditionFailed",
        "gone": "NoSuchKey",
    }
    assert _there(s3) == {"changed"}


def test_any_etag_will_do_where_there_is_an_object(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"1")
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.delete_object(Bucket=BUCKET, Key="none", IfMatch="*")
    s3.delete_object(Bucket=BUCKET, Key="a", IfMatch="*")
    assert _there(s3) == set()


def test_one_object_is_deleted_under_its_etag_alone(s3: Any) -> None:
    etag = s3.put_object(Bucket=BUCKET, Key="a", Body=b"1")["ETag"]
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.delete_object(Bucket=BUCKET, Key="a", IfMatch='"0"')
    assert _there(s3) == {"a"}
    s3.delete_object(Bucket=BUCKET, Key="a", IfMatch=etag)
    assert _there(s3) == set()


def test_a_thousand_keys_are_deleted_at_once_and_not_one_more(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="0", Body=b"1")
    keys = [{"Key": str(number)} for number in range(1_001)]
    with pytest.raises(ClientError, match="MalformedXML"):
        _delete(s3, *keys)
    assert _there(s3) == {"0"}
    assert len(_delete(s3, *keys[:1_000])["Deleted"]) == 1_000
    assert _there(s3) == set()


def test_a_quiet_deletion_tells_errors_alone(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"1")
    s3.put_object(Bucket=BUCKET, Key="b", Body=b"1")
    answer = _delete(s3, {"Key": "a"}, {"Key": "b", "ETag": "0"}, quiet=True)
    assert "Deleted" not in answer
    assert [each["Key"] for each in answer["Errors"]] == ["b"]


def test_a_key_that_never_existed_gets_a_marker_where_there_are_versions(s3: Any) -> None:
    versioning = s3.get_bucket_versioning(Bucket=BUCKET).get("Status")
    versioned = versioning is not None
    one = s3.delete_object(Bucket=BUCKET, Key="never")
    (many,) = _delete(s3, {"Key": "never either"})["Deleted"]
    assert _markers(s3) == (["never", "never either"] if versioned else [])
    assert one.get("DeleteMarker", False) is versioned
    assert many.get("DeleteMarker", False) is versioned
    if versioning == "Suspended":
        assert (one["VersionId"], many["DeleteMarkerVersionId"]) == ("null", "null")


def test_a_marker_that_is_deleted_is_called_one(s3: Any) -> None:
    if s3.get_bucket_versioning(Bucket=BUCKET).get("Status") is None:
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"1")
    for again in (False, True):
        marker = s3.delete_object(Bucket=BUCKET, Key="a")["VersionId"]
        target = {"Key": "a", "VersionId": marker}
        if again:
            assert s3.delete_object(Bucket=BUCKET, **target)["DeleteMarker"] is True
        else:
            assert _delete(s3, target)["Deleted"] == [
                {**target, "DeleteMarker": True, "DeleteMarkerVersionId": marker}
            ]
    assert _markers(s3) == []


def test_odd_keys_are_deleted_too(s3: Any) -> None:
    keys = ["a b", " a", "ü/é", "a+b", "a%20b", "a?b=c", "a&<b>", "a//b", "100%", "a#b", "日本"]
    for key in keys:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"1")
    answer = _delete(s3, *({"Key": key} for key in keys))
    assert [each["Key"] for each in answer["Deleted"]] == keys
    assert _there(s3) == set()


def test_nobody_deletes_in_the_bucket_of_another_account(
    aws: testing.Emulator, bucket: str
) -> None:
    aws.client("s3", account=STAGING).put_object(Bucket=bucket, Key="a", Body=b"1")
    stranger: Any = aws.client("s3", account="012345670123")
    with pytest.raises(ClientError, match="AccessDenied"):
        _delete(stranger, {"Key": "a"})
    assert _there(aws.client("s3", account=STAGING)) == {"a"}


def test_an_empty_set_of_tags_takes_all_away(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"1", Tagging="n=1")
    s3.put_object_tagging(Bucket=BUCKET, Key="a", Tagging={"TagSet": []})
    assert s3.get_object_tagging(Bucket=BUCKET, Key="a")["TagSet"] == []
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.put_object_tagging(Bucket=BUCKET, Key="none", Tagging={"TagSet": []})
