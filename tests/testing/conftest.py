"""An emulator of its own for each test, and a way to speak to it without an SDK."""

from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from firnline import testing

STAGING, PROD = "210987654321", "012345670123"


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


Speak = Callable[..., Reply]


@pytest.fixture
def aws() -> Iterator[testing.Emulator]:
    with testing.serve() as emulator:
        yield emulator


@pytest.fixture
def bucket(aws: testing.Emulator) -> str:
    """A bucket of the staging account."""
    aws.client("s3", account=STAGING).create_bucket(Bucket="acme-one")
    return "acme-one"


@pytest.fixture
def speak(aws: testing.Emulator) -> Iterator[Speak]:
    """Plain HTTP with the staging account's role, over one connection."""
    role = f"arn:aws:iam::{STAGING}:role/retention"
    aws.client("s3", account=STAGING)
    assumed = aws.caller_client("sts").assume_role(RoleArn=role, RoleSessionName="plain")
    scope = f"{assumed['Credentials']['AccessKeyId']}/20261121/us-east-1/s3/aws4_request"
    connection = HTTPConnection(urlsplit(aws.endpoint).netloc, timeout=10)

    def speak(method: str, path: str, body: str | bytes = b"", **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body.encode() if isinstance(body, str) else body
        authorization = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
        connection.request(method, path, content, {"Authorization": authorization, **named})
        answer = connection.getresponse()
        return Reply(answer.status, dict(answer.headers), answer.read().decode())

    yield speak
    connection.close()
