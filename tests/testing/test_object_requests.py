"""Objects of declared size and date are put by one request to the emulator itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from firnline import testing
from tests.testing.conftest import STAGING, Speak

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
BUCKET = "acme-one"


def send(speak: Speak, body: object) -> int:
    return speak("POST", "/_firnline/objects", json.dumps(body)).status


def declared(**changes: object) -> dict[str, object]:
    return {
        "bucket": BUCKET,
        "key": "a/b",
        "bytes": 3 << 30,
        "modified": THEN.isoformat(),
    } | changes


def test_they_have_their_sizes_and_dates(aws: testing.Emulator, bucket: str, speak: Speak) -> None:
    assert bucket == BUCKET
    assert send(speak, [declared(), declared(key="c", bytes=1)]) == 201
    found = aws.client("s3", account=STAGING).list_objects_v2(Bucket=BUCKET)["Contents"]
    assert [(each["Key"], each["Size"]) for each in found] == [("a/b", 3 << 30), ("c", 1)]
    assert {each["LastModified"] for each in found} == {THEN}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param([declared(bucket="no-such-bucket")], id="no such bucket"),
        pytest.param([declared(modified="2026-03-01T12:00:00")], id="no offset"),
        pytest.param([{"key": "a"}], id="incomplete"),
        pytest.param("text", id="no list"),
    ],
)
@pytest.mark.usefixtures("bucket")
def test_nothing_is_put_of_what_cannot_be(
    aws: testing.Emulator, speak: Speak, body: object
) -> None:
    assert send(speak, [declared(), *body] if isinstance(body, list) else body) == 400
    assert "Contents" not in aws.client("s3", account=STAGING).list_objects_v2(Bucket=BUCKET)
