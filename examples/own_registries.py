"""Two registries that a team wrote itself: a table in DynamoDB, and a JSON manifest in S3.

Both hold paths that people typed: with and without a slash at the end, of a folder or of an object.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from examples.artifacts import GIB, MIB, ArtifactBucket

TABLE = "model-registry"
MANIFEST = "registry/models.json"


def fill_table(dynamodb: Any, bucket: ArtifactBucket, today: datetime) -> None:
    """`dynamodb` is a boto3 client."""
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    _put(bucket, "models/a/model.pt", 2 * GIB, today, 200)
    _put(bucket, "models/ab/model.pt", 2 * GIB, today, 200)  # which no item names
    _put(bucket, "models/risk/v0/model.pkl", 4 * GIB, today, 350)
    _put(bucket, "models/risk/v1/model.pkl", 4 * GIB, today, 180)
    _put(bucket, "models/risk/v2.pkl", 4 * GIB, today, 90)
    _put(bucket, "models/segments eu/model.pkl", 800 * MIB, today, 60)
    _put(bucket, "models/new-idea/model.pkl", 900 * MIB, today, 3)  # not registered yet
    for name, path, status in (
        ("a", bucket.uri("models/a"), "active"),
        ("risk-v0", bucket.uri("models/risk/v0/"), "deleted"),
        ("risk-v1", bucket.uri("models/risk/v1/"), "active"),
        ("risk-v2", bucket.uri("models/risk/v2.pkl/"), "staging"),  # an object, with a slash
        ("segments", bucket.uri("models/segments%20eu"), "active"),
    ):
        item = {"name": name, "s3_path": path, "status": status, "owner": "dana"}
        dynamodb.put_item(TableName=TABLE, Item={key: {"S": value} for key, value in item.items()})


def write_manifest(s3: Any, bucket: ArtifactBucket, today: datetime) -> None:
    """`s3` is a boto3 client."""
    _put(bucket, "models/ranker/v6/model.safetensors", 7 * GIB, today, 240)
    _put(bucket, "models/ranker/v7/model.safetensors", 7 * GIB, today, 130)
    _put(bucket, "models/ranker/v7/tokenizer.json", 3 * MIB, today, 130)
    manifest = {"versions": [{"name": "ranker-v7", "artifact": bucket.uri("models/ranker/v7/")}]}
    s3.put_object(Bucket=bucket.name, Key=MANIFEST, Body=json.dumps(manifest, indent=2).encode())


def _put(bucket: ArtifactBucket, key: str, size: int, today: datetime, days_ago: int) -> None:
    bucket.put(bucket.uri(key), size, today - timedelta(days=days_ago))
