"""One request about a bucket to its account: the answer, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from firnline.fleet.accounts import Access, Clients, NoAccess, requesting
from firnline.language.fleet import Account

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")

LIST_BUCKETS = "s3:ListAllMyBuckets"
LOCATE_BUCKET = "s3:ListBucket"
LIST_VERSIONS = "s3:ListBucketVersions"
READ_LIFECYCLE = "s3:GetLifecycleConfiguration"
READ_TAGS = "s3:GetBucketTagging"
READ_VERSIONING = "s3:GetBucketVersioning"
READ_OBJECT_LOCK = "s3:GetBucketObjectLockConfiguration"
READ_REPLICATION = "s3:GetReplicationConfiguration"


@dataclass(frozen=True, slots=True)
class ListedBucket:
    account: Account
    name: str
    region: str

    @property
    def key(self) -> str:
        """`<account label>/<region>/<bucket>`"""
        return f"{self.account.label.value}/{self.region}/{self.name}"

    @property
    def listed_region(self) -> bool:
        """Whether the fleet file lists its region for its account."""
        return self.region in self.account.regions


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be read: a bucket, or the account as a whole."""

    account: Account
    bucket: str | None
    why: NoAccess

    @property
    def bucket_is_gone(self) -> bool:
        return self.why.code == "NoSuchBucket"


def access_of(account: Account, region: str) -> Access:
    """To read the account's own buckets; what writes uses the role, whatever profiles there are."""
    return Access(
        account.id.value,
        account.role.value if account.role else None,
        region,
        external_id=account.external_id.value if account.external_id else None,
        owner=account.id.value,
        profile=account.profile or None,
    )


def ask(
    clients: Clients,
    bucket: ListedBucket,
    permission: str,
    question: Callable[[S3Client, str], T],
) -> T | Failure:
    """`question` is one of those in `live`, and needs `permission`."""
    try:
        access = access_of(bucket.account, bucket.region)
        client = clients.s3(access)
        with requesting(
            access.account_id,
            permission,
            access.role_arn,
            region=access.region,
            profile=access.profile,
        ):
            return question(client, bucket.name)
    except NoAccess as why:
        return Failure(bucket.account, bucket.name, why)
