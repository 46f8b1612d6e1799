"""What `firnline gc` will need once it acts on objects: to sweep, and to restore what was swept.

No command of this version uses either. The mark is a conditional delete marker where the bucket
keeps versions, and a reserved tag elsewhere; only S3's lifecycle destroys bytes.
S3 User Guide, "Enforce conditional deletes on Amazon S3 buckets" (a condition by ETag needs
s3:GetObject too) and "Object tags and access control policies".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.language.fleet import Account
from firnline.language.lock import LockedBucket
from firnline.language.model import Folder
from firnline.s3.shape import Json
from firnline.s3.terms import Versioning
from firnline.targets.iam.buckets import partition_of
from firnline.targets.iam.documents import policy, statement

RESERVED_TAGS: Final = "firnline-*"
_IF_MATCH: Final[Json] = {"Null": {"s3:if-match": "false"}}
_RESERVED: Final[Json] = {"ForAnyValue:StringLike": {"s3:RequestObjectTagKeys": RESERVED_TAGS}}


def sweeping(folder: Folder, account: Account) -> Json | None:
    """None where no policy of the account names registries. It never has s3:DeleteObjectVersion."""
    return _policy(_sweep(folder, account))


def restoring(folder: Folder, account: Account) -> Json | None:
    return _policy(_restore(folder, account))


def _policy(statements: Iterator[Json]) -> Json | None:
    found = list(statements)
    return policy(found) if found else None


def _sweep(folder: Folder, account: Account) -> Iterator[Json]:
    kept, others = _managed(folder, account, keeps_versions=True), _managed(folder, account)
    if kept:
        yield statement("MarkAsDeleted", ["s3:DeleteObject"], kept, _IF_MATCH)
        yield statement("CompareBefore", ["s3:GetObject"], kept)
    if others:
        yield statement("TagAsUnneeded", ["s3:PutObjectTagging"], others, _RESERVED)
        yield statement("KeepOtherTags", ["s3:GetObjectTagging"], others)


def _restore(folder: Folder, account: Account) -> Iterator[Json]:
    kept, others = _managed(folder, account, keeps_versions=True), _managed(folder, account)
    if kept:
        buckets = sorted({arn.partition("/")[0] for arn in kept})
        yield statement("FindMarkers", ["s3:ListBucketVersions"], buckets)
        yield statement("RemoveMarkers", ["s3:DeleteObjectVersion"], kept)
    if others:
        actions = ["s3:GetObjectTagging", "s3:PutObjectTagging", "s3:DeleteObjectTagging"]
        yield statement("RemoveTags", actions, others)


def _managed(folder: Folder, account: Account, *, keeps_versions: bool = False) -> list[str]:
    """The objects below the prefixes of policies with registries, in buckets of the lock."""
    return sorted(
        {
            f"arn:{partition_of(account)}:s3:::{bucket.name.value}/{prefix}*"
            for bucket in (folder.lock.buckets if folder.lock else ())
            if bucket.account_id == account.id.value
            and (bucket.versioning is Versioning.ENABLED) is keeps_versions
            for prefix in _prefixes(folder, account.label.value, bucket)
        }
    )


def _prefixes(folder: Folder, label: str, bucket: LockedBucket) -> Iterator[str]:
    name = bucket.name.value
    for each in folder.policies:
        if each.references is not None and each.covers(label, name, bucket.region):
            for retention in each.for_bucket(label, name).retentions:
                yield from (prefix.value for prefix in retention.prefixes)
