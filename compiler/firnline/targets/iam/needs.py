"""Which action does which command need? One row for each; tests take each away.

S3's API and Service Authorization References name the actions. What Pulumi's provider sends for a
lifecycle configuration: PutBucketLifecycleConfiguration and GetBucketLifecycleConfiguration, and
DeleteBucketLifecycle for a deletion, which our resources never ask for
(hashicorp/terraform-provider-aws, internal/service/s3/bucket_lifecycle_configuration.go, read on
2026-11-30); STS's GetCallerIdentity needs no permission (STS API).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class On(Enum):
    """Which resources an action is needed on."""

    EVERYTHING = "everything"
    EVERY_BUCKET = "every bucket of the account"
    TAGGED = "every bucket, where policies choose by tag"
    OUR_BUCKETS = "the buckets of the policies"
    OUR_OBJECTS = "the objects in the buckets of the policies"
    THE_ROLE = "the role itself"
    INVENTORIES = "the inventories that are named"


@dataclass(frozen=True, slots=True)
class Need:
    """`without`: what still works, in other words, where the action is not granted; empty where
    the commands fail.
    """

    action: str
    on: On
    commands: tuple[str, ...]
    without: str = ""


_READERS: Final = ("resolve", "show", "diff live", "verify", "rollout")
_UP: Final = ("pulumi up", "rollout")

READING: Final = (
    Need("s3:ListAllMyBuckets", On.EVERYTHING, ("resolve", "verify")),
    Need("s3:GetLifecycleConfiguration", On.EVERY_BUCKET, _READERS),
    Need("s3:GetBucketTagging", On.TAGGED, ("resolve", "verify")),
    Need("s3:GetBucketVersioning", On.OUR_BUCKETS, _READERS),
    Need("s3:GetBucketObjectLockConfiguration", On.OUR_BUCKETS, ("resolve", "verify")),
    Need(
        "s3:GetReplicationConfiguration",
        On.OUR_BUCKETS,
        ("verify",),
        "whether a replica has a lifecycle of its own is not known",
    ),
    Need(
        "s3:GetInventoryConfiguration",
        On.OUR_BUCKETS,
        ("forecast --bucket",),
        "inventories of a bucket are not found by themselves",
    ),
    Need(
        "s3:ListBucket",
        On.OUR_BUCKETS,
        ("forecast --bucket", "verify --expiry-dates", "rollout"),
        "a bucket is taken to be in the first region of its account, and no sample is taken",
    ),
    Need(
        "s3:GetObject",
        On.OUR_OBJECTS,
        ("verify --expiry-dates", "rollout"),
        "S3's own day of expiration is not compared with ours",
    ),
    Need(
        "s3:GetObjectTagging",
        On.OUR_OBJECTS,
        ("verify --expiry-dates", "rollout"),
        "S3's day is not compared for rules that filter by tag",
    ),
    Need(
        "cloudtrail:LookupEvents",
        On.EVERYTHING,
        ("show --writers", "verify"),
        "who wrote the rules of a bucket is not known",
    ),
    Need(
        "s3:GetObject",
        On.INVENTORIES,
        ("report", "forecast", "check --inventory"),
        "inventories in S3 are not read",
    ),
)
WRITING: Final = (
    Need("s3:GetLifecycleConfiguration", On.OUR_BUCKETS, _UP),
    Need("s3:PutLifecycleConfiguration", On.OUR_BUCKETS, _UP),
    Need("s3:GetBucketVersioning", On.OUR_BUCKETS, _UP),
    Need("s3:GetBucketObjectLockConfiguration", On.OUR_BUCKETS, _UP),
    Need(
        "s3:ListBucketVersions",
        On.OUR_BUCKETS,
        _UP,
        "the first rules of a bucket that is empty need an approval",
    ),
    Need(
        "iam:SimulatePrincipalPolicy",
        On.THE_ROLE,
        ("rollout",),
        "whether a role may write is not known before the first write",
    ),
)
