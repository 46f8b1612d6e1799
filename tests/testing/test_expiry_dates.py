"""S3's own words about expiry, as captured and documented: which day, on which answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from firnline import testing
from firnline.testing.fixture import S3WithLifecycle

STARTED = datetime(2026, 9, 21, 16, 40, 3, tzinfo=UTC)
DAY = 'expiry-date="Fri, 02 Oct 2026 00:00:00 GMT", rule-id="r"'


@pytest.fixture(scope="module")
def s3() -> Iterator[S3WithLifecycle]:
    with testing.serve(started=STARTED) as aws:
        client = aws.caller_client("s3")
        client.create_bucket(Bucket="acme")
        yield S3WithLifecycle(client, aws)


def rule(id: str = "r", **parts: Any) -> Any:
    return {"ID": id, "Status": "Enabled", "Filter": {"Prefix": ""}, **parts}


def days(count: int) -> Any:
    return {"Expiration": {"Days": count}}


def write(s3: S3WithLifecycle, *rules: Any) -> None:
    s3.client.put_bucket_lifecycle_configuration(
        Bucket="acme", LifecycleConfiguration={"Rules": list(rules)}
    )


def told(s3: S3WithLifecycle, key: str = "data/x") -> str | None:
    return s3.client.head_object(Bucket="acme", Key=key).get("Expiration")


def test_every_answer_about_a_current_object_names_the_day_captured_on_s3(
    s3: S3WithLifecycle,
) -> None:
    write(s3, rule(**days(10)))
    client = s3.client
    assert client.put_object(Bucket="acme", Key="data/x", Body=b"four")["Expiration"] == DAY
    assert client.get_object(Bucket="acme", Key="data/x")["Expiration"] == DAY
    assert told(s3) == DAY
    source = "acme/data/x"
    assert client.copy_object(Bucket="acme", Key="y", CopySource=source)["Expiration"] == DAY
    upload = client.create_multipart_upload(Bucket="acme", Key="z")["UploadId"]
    part = client.upload_part(Bucket="acme", Key="z", UploadId=upload, PartNumber=1, Body=b"1")
    whole: Any = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    done = client.complete_multipart_upload(
        Bucket="acme", Key="z", UploadId=upload, MultipartUpload=whole
    )
    assert done["Expiration"] == DAY


def test_an_upload_is_told_when_it_will_be_aborted(s3: S3WithLifecycle) -> None:
    write(s3, rule("up", AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7}))
    begun = s3.client.create_multipart_upload(Bucket="acme", Key="u")
    listed = s3.client.list_parts(Bucket="acme", Key="u", UploadId=begun["UploadId"])
    for answer in (begun, listed):
        assert answer["AbortDate"] == datetime(2026, 9, 29, tzinfo=UTC)
        assert answer["AbortRuleId"] == "up"


@pytest.mark.parametrize(
    "rules",
    [
        [rule(Expiration={"ExpiredObjectDeleteMarker": True})],
        [rule(**days(10), Status="Disabled")],
        [rule(**days(10), Filter={"Prefix": "Data/"})],
        [rule(**days(10), Filter={"Tag": {"Key": "a", "Value": "c"}})],
        [rule(**days(10), Filter={"ObjectSizeGreaterThan": 4})],
        [rule(NoncurrentVersionExpiration={"NoncurrentDays": 1})],
    ],
    ids=["markers", "disabled", "case of prefix", "tag", "size", "noncurrent"],
)
def test_no_day_is_told_where_no_rule_expires_it(s3: S3WithLifecycle, rules: list[Any]) -> None:
    s3.client.put_object(Bucket="acme", Key="data/x", Body=b"four", Tagging="a=b")
    write(s3, *rules)
    assert told(s3) is None


def test_the_earliest_day_is_told_and_ids_are_escaped(s3: S3WithLifecycle) -> None:
    s3.client.put_object(Bucket="acme", Key="data/x", Body=b"four", Tagging="a=b")
    tagged = {"Tag": {"Key": "a", "Value": "b"}}
    write(
        s3,
        rule("later", **days(11)),
        rule('100% "ä b"', Expiration={"Date": datetime(2026, 10, 1, tzinfo=UTC)}, Filter=tagged),
    )
    assert told(s3) == (
        'expiry-date="Thu, 01 Oct 2026 00:00:00 GMT", rule-id="100%25 %22%C3%A4 b%22"'
    )


def test_a_noncurrent_version_and_one_that_is_named_have_no_day(s3: S3WithLifecycle) -> None:
    s3.client.create_bucket(Bucket="versions")
    enabled: Any = {"Status": "Enabled"}
    s3.client.put_bucket_versioning(Bucket="versions", VersioningConfiguration=enabled)
    s3.client.put_bucket_lifecycle_configuration(
        Bucket="versions", LifecycleConfiguration={"Rules": [rule(**days(10))]}
    )
    put = s3.client.put_object(Bucket="versions", Key="k", Body=b"1")
    assert put["Expiration"] == DAY
    named = s3.client.head_object(Bucket="versions", Key="k", VersionId=put["VersionId"])
    assert "Expiration" not in named
    assert "Expiration" not in s3.client.delete_object(Bucket="versions", Key="k")


def test_faults_change_the_day_omit_it_and_tell_that_of_the_rules_before(
    s3: S3WithLifecycle,
) -> None:
    from firnline.testing.faults import read_fault

    write(s3, rule(**days(1)))
    write(s3, rule(**days(10)))
    s3.client.put_object(Bucket="acme", Key="data/x", Body=b"four")
    for effect in ({"expiry_shift_days": -1}, {"no_expiry": True}, {"stale": 1}):
        s3.aws.middleware.faults.add(read_fault({"operation": "HeadObject", **effect}))
        seen = told(s3)
        expected = {"expiry_shift_days": "01 Oct", "no_expiry": "", "stale": "23 Sep"}
        assert expected[next(iter(effect))] in (seen or "")
        assert (seen is None) == ("no_expiry" in effect)
        assert told(s3) == DAY
