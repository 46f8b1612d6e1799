"""Three buckets whose rules others wrote: by hand, with Terraform, with Cloud Custodian.

No policy of this repository covers them, and their account is in no fleet file: they are there to
practise adoption with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from sandbox.assumed import s3_of
from sandbox.state import State
from sandbox.world.accounts import ANALYTICS, Bucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Json = dict[str, Any]
_FIRST_REGION = "us-east-1"
MinimumSize = Literal["all_storage_classes_128K", "varies_by_storage_class"]


@dataclass(frozen=True, slots=True)
class Foreign:
    bucket: Bucket
    rules: tuple[Json, ...]
    keys: tuple[str, ...]
    minimum_size: MinimumSize = "all_storage_classes_128K"


HAND_MADE = Foreign(
    Bucket("acme-label-exports-use1", ANALYTICS, "us-east-1", "off", 0),
    (
        {
            "ID": "delete old exports",
            "Filter": {"Prefix": "exports/"},
            "Status": "Enabled",
            "Expiration": {"Days": 90},
        },
        {
            "ID": "raw to glacier",
            "Filter": {"Prefix": "raw/"},
            "Status": "Enabled",
            "Transitions": [
                {"Days": 30, "StorageClass": "STANDARD_IA"},
                {"Days": 180, "StorageClass": "GLACIER"},
            ],
        },
        {
            "ID": "MPU cleanup",
            "Filter": {"Prefix": ""},
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        },
    ),
    ("exports/2026/labels.csv", "raw/images-0001.tar", "README.md"),
    minimum_size="varies_by_storage_class",  # as rules from before September 2024 have it
)
TERRAFORM = Foreign(
    Bucket("acme-feature-store-use1", ANALYTICS, "us-east-1", "enabled", 0),
    (
        {
            "ID": "tf-s3-lifecycle-20240611093012345600000001",
            "Filter": {"Prefix": ""},
            "Status": "Enabled",
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
            "Expiration": {"ExpiredObjectDeleteMarker": True},
        },
        {
            "ID": "tf-s3-lifecycle-20240611093012345600000002",
            "Filter": {"Prefix": "offline/"},
            "Status": "Enabled",
            "Transitions": [{"Days": 60, "StorageClass": "STANDARD_IA"}],
            "Expiration": {"Days": 365},
        },
    ),
    ("offline/2026/part-0.parquet", "online/schema.json"),
)
CUSTODIAN = Foreign(
    Bucket("acme-clickstream-euw1", ANALYTICS, "eu-west-1", "off", 0),
    (
        {
            "ID": "c7n-abort-uploads",
            "Filter": {"Prefix": ""},
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
        },
        {
            "ID": "c7n-expire-scratch",
            "Filter": {"Prefix": "scratch/"},
            "Status": "Enabled",
            "Expiration": {"Days": 14},
        },
    ),
    ("scratch/session-1.json", "events/2026/11/30.json"),
)
ALL = (HAND_MADE, TERRAFORM, CUSTODIAN)


def create(state: State) -> str:
    """Makes those that are missing, with their rules; what there is now, in a few lines."""
    made = [each for each in ALL if _create(_client(state, each.bucket), each)]
    lines = [
        f"{each.bucket.name}  {len(each.rules)} rules  {'new' if each in made else 'was there'}"
        for each in ALL
    ]
    return "\n".join([f"account {ANALYTICS.id}, {ANALYTICS.label}", *lines])


def _create(client: S3Client, foreign: Foreign) -> bool:
    bucket = foreign.bucket
    if _exists(client, bucket.name):
        return False
    if bucket.region == _FIRST_REGION:
        client.create_bucket(Bucket=bucket.name)
    else:
        where: Any = {"LocationConstraint": bucket.region}
        client.create_bucket(Bucket=bucket.name, CreateBucketConfiguration=where)
    if bucket.versioning == "enabled":
        client.put_bucket_versioning(
            Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"}
        )
    rules: Any = list(foreign.rules)
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket.name,
        LifecycleConfiguration={"Rules": rules},
        TransitionDefaultMinimumObjectSize=foreign.minimum_size,
    )
    for key in foreign.keys:
        client.put_object(Bucket=bucket.name, Key=key, Body=b"stored before Firnline came")
    return True


def _exists(client: S3Client, bucket: str) -> bool:
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchBucket"):
            return False
        raise
    return True


def _client(state: State, bucket: Bucket) -> S3Client:
    return s3_of(state, bucket.account.id, bucket.region)
