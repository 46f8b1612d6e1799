"""A service control policy: nobody but the role that writes puts a lifecycle on our buckets.

Organizations User Guide, "Service control policies": it binds the principals of the accounts it is
attached to, not those of the management account, nor service-linked roles. IAM User Guide, "AWS
global condition context keys": `aws:PrincipalArn` of a session is the ARN of its role.
"""

from __future__ import annotations

from typing import Final

from firnline.s3.shape import Json
from firnline.targets.iam.buckets import Buckets
from firnline.targets.iam.documents import policy, statement

WRITE: Final = "s3:PutLifecycleConfiguration"
"""Which removing the configuration needs too (S3 API, DeleteBucketLifecycle)."""


def others_do_not_write(buckets: Buckets, role_arn: str) -> Json:
    unless = {"ArnNotEquals": {"aws:PrincipalArn": role_arn}}
    return policy([statement("OnlyFirnlineWrites", [WRITE], buckets.arns, unless, "Deny")])
