"""What is true of a bucket right now: its lifecycle configuration, versioning, Object Lock.

Each raises what boto3 raises.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from firnline.language.tag import Tags
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import Unreadable, read_configuration
from firnline.s3.shape import Json
from firnline.s3.terms import Versioning

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Live:
    """One answer of S3 about a bucket's rules, verbatim: no `shape` where there are none."""

    shape: Json | None
    bucket_exists: bool = True

    @property
    def rules(self) -> RuleSet | None:
        return None if self.shape is None else read_configuration(self.shape)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(rule.get("ID", "") for rule in self.shape["Rules"]) if self.shape else ()

    def tells_the_same(self, other: Live) -> bool:
        """Whether both answers have the same rules, in whatever order and spelling. What cannot be
        read is compared as it is.
        """
        if self == other or self.shape is None or other.shape is None:
            return self == other
        try:
            ours, theirs = read_configuration(self.shape), read_configuration(other.shape)
        except Unreadable:
            return False
        return ours.in_order == theirs.in_order


def read_answer(client: S3Client, bucket: str) -> Live:
    """What S3 answers now, or that there is no such bucket."""
    from botocore.exceptions import ClientError

    try:
        return Live(read_live_json(client, bucket))
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucket":
            return Live(None, bucket_exists=False)
        raise


def read_live(client: S3Client, bucket: str) -> RuleSet | None:
    """The live rules; None where there are none. S3 may answer with the state before the last
    write: right after a PUT or a DELETE, GET has returned the configuration before it (observed on
    S3, 2026-09-21).
    """
    shape = read_live_json(client, bucket)
    return None if shape is None else read_configuration(shape)


def read_live_json(client: S3Client, bucket: str) -> Json | None:
    """The rules verbatim, as JSON can hold them: dates are `2030-01-31T00:00:00Z`.

    The minimum size is included if S3 sent its header. Raises `Unreadable` where a rule has a
    member that is not known here: without it, it would be another rule.
    """
    from botocore.exceptions import ClientError

    try:
        answer = client.get_bucket_lifecycle_configuration(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchLifecycleConfiguration":
            return None
        raise
    shape: Json = {"Rules": [_as_json(rule) for rule in answer["Rules"]]}
    if "TransitionDefaultMinimumObjectSize" in answer:
        shape["TransitionDefaultMinimumObjectSize"] = answer["TransitionDefaultMinimumObjectSize"]
    read_configuration(shape)
    return shape


def read_versioning(client: S3Client, bucket: str) -> Versioning:
    return Versioning.of_status(client.get_bucket_versioning(Bucket=bucket).get("Status"))


def read_tags(client: S3Client, bucket: str, keys: Collection[str]) -> Tags:
    """Those of the bucket's tags that have one of the keys."""
    from botocore.exceptions import ClientError

    try:
        answer = client.get_bucket_tagging(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchTagSet":
            return ()
        raise
    tags = sorted((tag["Key"], tag["Value"]) for tag in answer["TagSet"])
    return tuple((key, value) for key, value in tags if key in keys)


def read_is_empty(client: S3Client, bucket: str) -> bool:
    """Whether there is neither a version nor a delete marker. Unfinished uploads do not count. S3
    may answer with a page that has nothing on it, and more behind it.
    """
    answer = client.list_object_versions(Bucket=bucket, MaxKeys=1)
    is_whole = not answer.get("IsTruncated")
    return is_whole and not answer.get("Versions") and not answer.get("DeleteMarkers")


def read_clock(client: S3Client, bucket: str) -> datetime:
    """The time by S3's own clock."""
    return clock_of(client.head_bucket(Bucket=bucket))


def clock_of(answer: Mapping[str, Any]) -> datetime:
    """When S3 gave an answer."""
    return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])


def read_region(client: S3Client, bucket: str) -> str:
    return client.head_bucket(Bucket=bucket)["BucketRegion"]


def read_replication(client: S3Client, bucket: str) -> Json | None:
    """The configuration; None where there is none."""
    from botocore.exceptions import ClientError

    try:
        answer = client.get_bucket_replication(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ReplicationConfigurationNotFoundError":
            return None
        raise
    return dict(answer["ReplicationConfiguration"])


def read_object_lock(client: S3Client, bucket: str) -> bool:
    """Whether Object Lock is on, with or without a default retention."""
    from botocore.exceptions import ClientError

    try:
        answer = client.get_object_lock_configuration(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ObjectLockConfigurationNotFoundError":
            return False
        raise
    return answer["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled"


def _as_json(value: Any) -> Any:
    match value:
        case dict():
            return {key: _as_json(each) for key, each in value.items()}
        case list():
            return [_as_json(each) for each in value]
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case _:
            return value
