"""S3 clients of an account of the sandbox, through its role, as whoever manages it would have."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import boto3

from sandbox.state import State

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient


@cache
def s3_of(state: State, account_id: str, region: str) -> S3Client:
    answer = _caller(state).assume_role(
        RoleArn=f"arn:aws:iam::{account_id}:role/retention", RoleSessionName="before-firnline"
    )["Credentials"]
    return _session().client(
        "s3",
        region_name=region,
        endpoint_url=state.endpoint,
        aws_access_key_id=answer["AccessKeyId"],
        aws_secret_access_key=answer["SecretAccessKey"],
        aws_session_token=answer["SessionToken"],
    )


@cache
def _caller(state: State) -> STSClient:
    return _session().client(
        "sts",
        region_name="us-east-1",
        endpoint_url=state.endpoint,
        aws_access_key_id=state.access_key_id,
        aws_secret_access_key=state.secret_access_key,
    )


@cache
def _session() -> boto3.session.Session:
    """Shared, because each loads botocore's models again: a tenth of a second per client."""
    return boto3.session.Session()
