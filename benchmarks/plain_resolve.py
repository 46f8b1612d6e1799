"""What `firnline resolve` reads, by boto3 alone, in a fleet: a baseline of `rollouts`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import yaml
from botocore.exceptions import ClientError

_AT_A_TIME = 8
_MISSING = ("ObjectLockConfigurationNotFoundError", "NoSuchLifecycleConfiguration")


def read(account: dict[str, Any]) -> int:
    """How many buckets it has."""
    assumed = _session.client("sts").assume_role(
        RoleArn=account["role"], RoleSessionName="plain-boto3"
    )["Credentials"]
    client = _session.client(
        "s3",
        aws_access_key_id=assumed["AccessKeyId"],
        aws_secret_access_key=assumed["SecretAccessKey"],
        aws_session_token=assumed["SessionToken"],
    )
    buckets = client.list_buckets()["Buckets"]
    for bucket in buckets:
        client.get_bucket_versioning(Bucket=bucket["Name"])
        _unless_missing(client.get_object_lock_configuration, bucket["Name"])
        _unless_missing(client.get_bucket_lifecycle_configuration, bucket["Name"])
    return len(buckets)


def _unless_missing(read: Any, bucket: str) -> None:
    try:
        read(Bucket=bucket)
    except ClientError as why:
        if why.response["Error"]["Code"] not in _MISSING:
            raise


if __name__ == "__main__":
    _session = boto3.session.Session()
    fleet = yaml.safe_load(Path("policies/fleet.yaml").read_text(encoding="utf-8"))
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        print(sum(pool.map(read, fleet["accounts"].values())))
