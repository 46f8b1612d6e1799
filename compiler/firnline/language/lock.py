"""The facts in a lock about each bucket and account that `resolve` found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from firnline.language.fleet import Account
from firnline.language.said import Said
from firnline.language.tag import Tags
from firnline.s3.model import MinimumSize
from firnline.s3.terms import BucketType, Partition, Versioning


class Ours(StrEnum):
    """Why a bucket is in the lock: a policy covers it, or only rules of ours are live on it."""

    POLICY = "policy"
    RULES = "rules"

    @classmethod
    def of(cls, covered: bool) -> Ours:
        return cls.POLICY if covered else cls.RULES


@dataclass(frozen=True, slots=True)
class LockedBucket:
    """What `resolve` found out about one bucket; `foreign` holds each foreign rule as one line of
    JSON, `tags` those of its tags whose keys policies name.
    """

    account_id: str
    name: Said[str]
    region: str
    partition: Partition
    type: BucketType
    versioning: Versioning
    object_lock: bool
    covered: bool
    minimum_size: MinimumSize | None
    foreign: tuple[Said[str], ...]
    tags: Tags = ()

    @property
    def place(self) -> tuple[str, str]:
        """Account id and name: no two entries of a lock share both."""
        return self.account_id, self.name.value


@dataclass(frozen=True, slots=True)
class Lock:
    """`accounts` are those that `resolve` found where `accounts_from` says."""

    digest: Said[str]
    buckets: tuple[LockedBucket, ...]
    accounts: tuple[Account, ...] = ()
