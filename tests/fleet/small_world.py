"""Two accounts with four buckets, and a folder of policies about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from firnline import testing
from firnline.diagnostics.position import whole_file
from firnline.language.fleet import Account
from firnline.language.said import Said
from firnline.s3.terms import Versioning
from firnline.testing import seed
from firnline.testing.moto_process import open_account

STAGING, PROD = "210987654321", "012345670123"

FLEET = f"""\
firnline: fleet/v1
namespace: acme
accounts:
  prod: {{id: "{PROD}", regions: [us-east-1, eu-west-1], role: arn:aws:iam::{PROD}:role/retention}}
  staging: {{id: "{STAGING}", regions: us-east-1, role: arn:aws:iam::{STAGING}:role/retention}}
"""
POLICY = """\
firnline: policy/v1
policy: ml
owner: lab
why: an example
applies_to:
  - {account: prod, buckets: [acme-models-euw1, acme-models-use1]}
  - {account: staging, buckets: "acme-*"}
retain:
  tmp: {prefix: tmp/, delete_after: 14d, old_versions: {delete_after: 7d}}
"""
LOCK_OF_FACTS = f"""\
accounts:
  "{PROD}":
    acme-models-euw1:
      region: eu-west-1
      partition: aws
      kind: general-purpose
      versioning: off
      object_lock: off
      ours: policy
    acme-models-use1:
      region: us-east-1
      partition: aws
      kind: general-purpose
      versioning: enabled
      object_lock: off
      ours: policy
  "{STAGING}":
    acme-dev:
      region: us-east-1
      partition: aws
      kind: general-purpose
      versioning: suspended
      object_lock: off
      ours: policy
"""
OUR_RULE = {
    "ID": "firnline/acme/ml/tmp",
    "Status": "Enabled",
    "Filter": {"Prefix": "tmp/"},
    "Expiration": {"Days": 14},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
}
FOREIGN_RULE = {
    "ID": "by-hand",
    "Status": "Enabled",
    "Filter": {"Prefix": "old/"},
    "Expiration": {"Days": 3},
}


@contextmanager
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    """The world, with this process' environment pointed at it."""
    with testing.serve(_fill) as aws:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3"):
            monkeypatch.delenv(name, raising=False)
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            monkeypatch.setenv(name, "/dev/null")
        for name, value in aws.environment.items():
            monkeypatch.setenv(name, value)
        yield aws


def put_rules(aws: testing.Emulator, account: str, bucket: str, *rules: object) -> None:
    aws.client("s3", account).put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": rules},  # type: ignore[typeddict-item]  # plain dicts
    )


def write_folder(parent: Path) -> Path:
    folder = parent / "policies"
    folder.mkdir()
    (folder / "fleet.yaml").write_text(FLEET)
    (folder / "ml.yaml").write_text(POLICY)
    return folder


def account(label: str, id: str, *regions: str, role: str | None = "retention") -> Account:
    """As the fleet file would say it."""
    place = whole_file("fleet.yaml")
    arn = f"arn:aws:iam::{id}:role/{role}"
    return Account(
        label=Said(label, place),
        id=Said(id, place),
        regions=regions,
        role=Said(arn, place) if role else None,
    )


def _fill(started: datetime) -> None:
    for id in (STAGING, PROD):
        open_account(id)
    seed.create_bucket(PROD, "acme-models-use1", "us-east-1", started, Versioning.ENABLED)
    seed.create_bucket(PROD, "acme-models-euw1", "eu-west-1", started)
    seed.create_bucket(STAGING, "acme-dev", "us-east-1", started, Versioning.SUSPENDED)
    seed.create_bucket(STAGING, "somebody-elses", "us-east-1", started)
