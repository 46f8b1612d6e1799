"""Builds the laboratory: the bucket, its artifacts, an MLflow database and three registries."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import mlflow
from mlflow import MlflowClient

from examples.artifacts import ArtifactBucket
from examples.churn_year import churn_year
from examples.fraud_sweep import sweep
from examples.image_classification import Laboratory, classify
from examples.laboratory.planted import orphans_by_key
from examples.own_registries import fill_table, write_manifest

FOLDER = Path(__file__).resolve().parent
BUCKET, ACCOUNT, REGION = "acme-ml-lab-use1", "456789012345", "us-east-1"
DATABASE, PLANTED, WORLD = "mlflow.db", "planted.json", ".world"


@dataclass(frozen=True, slots=True)
class Built:
    objects: int
    orphans: int


def is_built(folder: Path, endpoint: str) -> bool:
    """In the world that runs now."""
    stamp = folder / WORLD
    return stamp.exists() and stamp.read_text() == _get(endpoint, "world")["world"]


def build(folder: Path, endpoint: str) -> Built:
    """The sandbox at `endpoint` has the account, and no such bucket yet."""
    today = datetime.fromisoformat(_get(endpoint, "clock")["now"])
    database = folder / DATABASE
    database.unlink(missing_ok=True)
    bucket = ArtifactBucket(BUCKET)
    aws = _session(endpoint)
    s3 = aws.client("s3", endpoint_url=endpoint)
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})

    mlflow.set_tracking_uri(f"sqlite:///{database}")
    client = MlflowClient()
    runs = sweep(client, bucket, today - timedelta(days=200))
    churn = churn_year(client, database, bucket, today)
    sagemaker = aws.client("sagemaker", endpoint_url=endpoint)
    classify(Laboratory(endpoint, sagemaker, ACCOUNT, bucket), today - timedelta(days=110))
    fill_table(aws.client("dynamodb", endpoint_url=endpoint), bucket, today)
    write_manifest(s3, bucket, today)
    bucket.send(endpoint)

    orphans = orphans_by_key(bucket, runs, churn)
    (folder / PLANTED).write_text(json.dumps(orphans, indent=2) + "\n", encoding="utf-8")
    (folder / WORLD).write_text(_get(endpoint, "world")["world"], encoding="utf-8")
    return Built(len(bucket.artifacts), len(orphans))


def _session(endpoint: str) -> Any:
    """Of the laboratory's account, by its role."""
    sts = boto3.client("sts", endpoint_url=endpoint, region_name=REGION)
    role = f"arn:aws:iam::{ACCOUNT}:role/retention"
    keys = sts.assume_role(RoleArn=role, RoleSessionName="laboratory")["Credentials"]
    return boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        region_name=REGION,
    )


def _get(endpoint: str, name: str) -> Any:
    # No proxy: the sandbox is on this machine, whatever the environment says.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{endpoint}/_firnline/{name}", timeout=60) as response:
        return json.load(response)
