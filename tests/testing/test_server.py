"""The emulator as a whole: who calls, what is logged, and that nothing of it stays."""

import json
import os
import socket
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from firnline import testing
from firnline.s3.terms import Versioning
from firnline.testing import seed

STAGING, PROD = "210987654321", "012345670123"


def test_a_role_leads_into_its_account(aws: testing.Emulator) -> None:
    assert aws.caller_client("sts").get_caller_identity()["Account"] == "999999999999"
    identity = aws.client("sts", account=PROD).get_caller_identity()
    assert identity["Account"] == PROD
    assert identity["Arn"].startswith(f"arn:aws:sts::{PROD}:assumed-role/retention/")


@pytest.mark.parametrize(
    "role",
    [
        f"arn:aws:iam::{STAGING}:role/retentoin",
        "arn:aws:iam::111111111111:role/retention",
    ],
)
def test_a_role_that_does_not_exist_cannot_be_assumed(aws: testing.Emulator, role: str) -> None:
    aws.client("s3", account=STAGING)
    with pytest.raises(ClientError, match=r"AccessDenied.*not authorized to perform"):
        aws.caller_client("sts").assume_role(RoleArn=role, RoleSessionName="plain")


def test_every_request_is_logged(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    with testing.serve(log=log) as aws:
        s3 = aws.client("s3", account=STAGING)
        s3.create_bucket(Bucket="acme-one")
        s3.put_object(Bucket="acme-one", Key="a/ü b", Body=b"x")
        s3.list_objects_v2(Bucket="acme-one")
        s3.delete_objects(Bucket="acme-one", Delete={"Objects": [{"Key": "a/ü b"}]})
        with pytest.raises(ClientError):
            s3.get_bucket_lifecycle_configuration(Bucket="acme-one")
        in_memory = [entry.operation for entry in aws.requests]
    entries = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [entry["operation"] for entry in entries] == in_memory
    assert [(entry["operation"], entry["account"], entry["status"]) for entry in entries] == [
        ("AssumeRole", "999999999999", 200),
        ("CreateBucket", STAGING, 200),
        ("PutObject", STAGING, 200),
        ("ListObjectsV2", STAGING, 200),
        ("DeleteObjects", STAGING, 200),
        ("GetBucketLifecycleConfiguration", STAGING, 404),
    ]
    assert (entries[2]["method"], entries[2]["bucket"], entries[2]["key"]) == (
        "PUT",
        "acme-one",
        "a/ü b",
    )
    assert datetime.fromisoformat(entries[0]["time"]).tzinfo == UTC


def test_the_world_says_who_it_is(speak: Any, aws: testing.Emulator) -> None:
    answer = speak("GET", "/_firnline/world")
    assert json.loads(answer.body) == {"world": aws.world, "started": aws.started.isoformat()}
    assert speak("GET", "/_firnline/nothing").status == 404


def test_connections_stay_open_between_requests_and_end_with_the_emulator() -> None:
    with testing.serve() as aws:
        connection = HTTPConnection(urlsplit(aws.endpoint).netloc, timeout=10)
        connection.connect()
        opened = connection.sock
        for _ in range(3):
            connection.request("GET", "/_firnline/world")
            connection.getresponse().read()
        assert connection.sock is opened
    assert opened.recv(1) == b""
    connection.close()
    address = urlsplit(aws.endpoint)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname, address.port), timeout=5)


def test_a_process_serves_one_emulator_at_a_time_and_each_begins_empty() -> None:
    with testing.serve() as first:
        first.client("s3", account=STAGING).create_bucket(Bucket="acme-one")
        with pytest.raises(testing.AlreadyServing), testing.serve():
            pass
    with testing.serve() as second:
        assert second.world != first.world
        assert second.client("s3", account=STAGING).list_buckets()["Buckets"] == []


def test_the_environment_is_left_as_it_was() -> None:
    before = dict(os.environ)
    with testing.serve():
        pass
    assert dict(os.environ) == before


def test_an_upload_began_when_it_began(aws: testing.Emulator, bucket: str) -> None:
    s3 = aws.client("s3", account=STAGING)
    s3.create_multipart_upload(Bucket=bucket, Key="a")
    (upload,) = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert abs(datetime.now(UTC) - upload["Initiated"]) < timedelta(minutes=1)


def test_objects_can_be_big_and_old_without_their_bytes() -> None:
    moment = datetime(2025, 11, 3, 4, 5, 6, tzinfo=UTC)

    def world(_started: datetime) -> None:
        bucket = seed.create_bucket(STAGING, "acme-old", "us-east-1", moment, Versioning.ENABLED)
        seed.add_version(bucket, "big", 3 << 40, moment, "v1", {"team": "fraud"})
        seed.add_delete_marker(bucket, "big", moment + timedelta(days=1), "v2")
        seed.add_version(bucket, "small", 10, moment, "v3")

    with testing.serve(world) as aws:
        s3 = aws.client("s3", account=STAGING)
        head = s3.head_object(Bucket="acme-old", Key="big", VersionId="v1")
        assert (head["ContentLength"], head["LastModified"]) == (3 << 40, moment)
        versions = s3.list_object_versions(Bucket="acme-old")
        assert [v["Size"] for v in versions["Versions"]] == [3 << 40, 10]
        assert [m["LastModified"] for m in versions["DeleteMarkers"]] == [
            moment + timedelta(days=1)
        ]
        assert s3.get_object(Bucket="acme-old", Key="small")["Body"].read() == bytes(10)
        assert s3.get_object(Bucket="acme-old", Key="small", Range="bytes=2-4")["Body"].read() == (
            bytes(3)
        )
        wholes_and_parts: Any = ({}, {"Range": "bytes=0-9"})
        for options in wholes_and_parts:
            with pytest.raises(ClientError, match="only the size of this object is kept"):
                s3.get_object(Bucket="acme-old", Key="big", VersionId="v1", **options)
