"""`make smoke-days BUCKET=name`: records day by day what S3 does where it is not documented.

Called once on an empty bucket with versioning enabled, it puts two objects and the rules that treat
them. Called again, on each of the following days, it appends what is there to the record: a line of
JSON, with the time and all versions and delete markers as S3 lists them. `END=1` takes everything
away again. docs/simulate.md says which questions the record settles.

It has never run against AWS; its tests run against an emulated S3.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from firnline.fleet.live import read_live, read_versioning
from firnline.s3.terms import Versioning

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import LifecycleRuleUnionTypeDef

PREFIX = "firnline-smoke-days/"
MARKER, NEWEST = f"{PREFIX}marker/x", f"{PREFIX}newest/x"
IDS = ("firnline-smoke-days marker", "firnline-smoke-days newest", "firnline-smoke-days markers")
RULES: list[LifecycleRuleUnionTypeDef] = [
    {
        "ID": IDS[0],
        "Status": "Enabled",
        "Filter": {"Prefix": f"{PREFIX}marker/"},
        "Expiration": {"Days": 1},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
    },
    {
        "ID": IDS[1],
        "Status": "Enabled",
        "Filter": {"Prefix": f"{PREFIX}newest/"},
        "Expiration": {"Days": 1},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1, "NewerNoncurrentVersions": 1},
    },
    {
        "ID": IDS[2],
        "Status": "Enabled",
        "Filter": {"Prefix": PREFIX},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
    },
]


class Refused(Exception):
    """The message says why, and whether anything was written."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make smoke-days", description=__doc__)
    parser.add_argument("bucket", help="BUCKET=… of make")
    parser.add_argument("--record", type=Path, help="the file to append to (default: by bucket)")
    parser.add_argument(
        "--end", action="store_true", default=os.environ.get("END") == "1", help="END=1 of make"
    )
    options = parser.parse_args(arguments)
    try:
        if not options.bucket:
            raise Refused("which bucket? make smoke-days BUCKET=name")
        record = options.record or Path(f"smoke-days-{options.bucket}.jsonl")
        client = _client(options.bucket)
        if options.end:
            _observe(client, options.bucket, record)
            _take_away(client, options.bucket)
        elif _began(client, options.bucket):
            _observe(client, options.bucket, record)
        else:
            _begin(client, options.bucket)
            _observe(client, options.bucket, record)
    except (Refused, ClientError, BotoCoreError) as error:
        print(f"stopped: {error}", file=sys.stderr)
        return 1
    return 0


def _client(bucket: str) -> S3Client:
    session = boto3.session.Session()
    anywhere: S3Client = session.client("s3", region_name=session.region_name or "us-east-1")
    region = anywhere.head_bucket(Bucket=bucket)["BucketRegion"]
    client: S3Client = session.client("s3", region_name=region)
    return client


def _began(client: S3Client, bucket: str) -> bool:
    live = read_live(client, bucket)
    if live is None:
        return False
    if {rule.id for rule in live.rules} != set(IDS):
        raise Refused(
            f"{bucket} has lifecycle rules of its own, which S3 would replace: take a bucket that"
            " has none. Nothing was written"
        )
    return True


def _begin(client: S3Client, bucket: str) -> None:
    if read_versioning(client, bucket) is not Versioning.ENABLED:
        raise Refused(f"{bucket} needs versioning enabled. Nothing was written")
    if _listed(client, bucket):
        raise Refused(f"{bucket} holds something below {PREFIX}. Nothing was written")
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": RULES}
    )
    client.put_object(Bucket=bucket, Key=MARKER, Body=b"1")
    for body in (b"1", b"2"):
        client.put_object(Bucket=bucket, Key=NEWEST, Body=body)
    print(
        f"begun below s3://{bucket}/{PREFIX}: call this again after 00:00 UTC on each of the next"
        " days, best several times a day, until nothing is left; then with END=1"
    )


def _observe(client: S3Client, bucket: str, record: Path) -> None:
    """Appends, and says what has changed since the line before."""
    now: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": _listed(client, bucket),
    }
    before = _last(record)
    with record.open("a", encoding="utf-8") as file:
        file.write(json.dumps(now) + "\n")
    print(f"{record}: {len(now['versions'])} versions and markers at {now['at']}")
    _say("-", before["versions"], now["versions"])
    _say("+", now["versions"], before["versions"])


def _say(sign: str, these: list[dict[str, Any]], others: list[dict[str, Any]]) -> None:
    for each in these:
        if each not in others:
            kind = "marker" if each["delete_marker"] else "version"
            print(f"  {sign} {kind} {each['version_id']} of {each['key']}, {each['modified']}")


def _last(record: Path) -> dict[str, Any]:
    lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    last: dict[str, Any] = json.loads(lines[-1]) if lines else {"versions": []}
    return last


def _listed(client: S3Client, bucket: str) -> list[dict[str, Any]]:
    """Every version and marker below the prefix, as S3 lists them."""
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=PREFIX)
    found = [
        (each, is_marker)
        for page in pages
        for each, is_marker in (
            *((version, False) for version in page.get("Versions", [])),
            *((marker, True) for marker in page.get("DeleteMarkers", [])),
        )
    ]
    return [
        {
            "key": each["Key"],
            "version_id": each["VersionId"],
            "delete_marker": is_marker,
            "latest": each["IsLatest"],
            "modified": each["LastModified"].astimezone(UTC).isoformat(),
        }
        for each, is_marker in found
    ]


def _take_away(client: S3Client, bucket: str) -> None:
    """What this wrote, and nothing else."""
    if not _began(client, bucket):
        raise Refused(f"{bucket} has no rules of ours: there is nothing to end")
    client.delete_bucket_lifecycle(Bucket=bucket)
    for each in _listed(client, bucket):
        client.delete_object(Bucket=bucket, Key=each["key"], VersionId=each["version_id"])
    print(f"{bucket} is as it was: no lifecycle configuration, and nothing below {PREFIX}")


if __name__ == "__main__":
    sys.exit(main())
