"""An AWS on loopback: moto, with a bucket in the account of each role."""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto.server import ThreadedMotoServer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ACCOUNT = "012345670123"


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """The endpoint; the caller's own credentials belong to moto's default account."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    given = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        for name, value in given.items():
            patch.setenv(name, value)
        yield given["AWS_ENDPOINT_URL"]
    server.stop()


@pytest.fixture(scope="module")
def s3(aws: str) -> "S3Client":
    """S3 as the role of `ACCOUNT` sees it."""
    role = f"arn:aws:iam::{ACCOUNT}:role/retention"
    sts = boto3.client("sts", endpoint_url=aws)
    given = sts.assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
    return boto3.client(
        "s3",
        endpoint_url=aws,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


@pytest.fixture(scope="module")
def new_bucket(s3: "S3Client") -> Callable[[str], str]:
    def make(name: str) -> str:
        s3.create_bucket(Bucket=name)
        return name

    return make
