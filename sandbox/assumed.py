"""S3 clients of an account of the sandbox, through its role, as whoever manages it would have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3

from sandbox.state import State

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def s3_of(state: State, account_id: str, region: str) -> S3Client:
    role = f"arn:aws:iam::{account_id}:role/retention"
    caller = boto3.session.Session(
        aws_access_key_id=state.access_key_id,
        aws_secret_access_key=state.secret_access_key,
        region_name=region,
    )
    answer = caller.client("sts", endpoint_url=state.endpoint).assume_role(
        RoleArn=role, RoleSessionName="before-firnline"
    )["Credentials"]
    return boto3.session.Session(
        aws_access_key_id=answer["AccessKeyId"],
        aws_secret_access_key=answer["SecretAccessKey"],
        aws_session_token=answer["SessionToken"],
        region_name=region,
    ).client("s3", endpoint_url=state.endpoint)
