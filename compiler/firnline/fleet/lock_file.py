"""The facts about our buckets → the text of the lock, the same for the same facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from firnline.language.fleet import Account
from firnline.language.lock import LockedBucket, Ours
from firnline.language.pyyaml import Quoted, written
from firnline.language.schemas import FileKind
from firnline.language.tag import Tags
from firnline.s3.model import MinimumSize
from firnline.s3.terms import BucketType, ObjectLock, Partition, Versioning

LOCK_NAME = "fleet.lock.yaml"
HEADER = (
    "# Written by `firnline resolve`: what it found in the accounts. Committed and reviewed,\n"
    "# never edited by hand; `pulumi up` changes nothing here.\n"
)


@dataclass(frozen=True, slots=True)
class LockEntry:
    """The lock's entry of one bucket; `foreign` comes from `ownership.foreign_rules`. ListBuckets,
    which `resolve` calls, returns no directory buckets.
    """

    account_id: str
    name: str
    region: str
    versioning: Versioning
    object_lock: bool
    covered: bool
    minimum_size: MinimumSize | None
    foreign: tuple[str, ...]
    tags: Tags = ()
    type: BucketType = BucketType.GENERAL_PURPOSE


def entry_again(bucket: LockedBucket) -> LockEntry:
    """An entry of an old lock, to be written again."""
    return LockEntry(
        account_id=bucket.account_id,
        name=bucket.name.value,
        region=bucket.region,
        versioning=bucket.versioning,
        object_lock=bucket.object_lock,
        covered=bucket.covered,
        minimum_size=bucket.minimum_size,
        foreign=tuple(rule.value for rule in bucket.foreign),
        tags=bucket.tags,
        type=bucket.type,
    )


def lock_text(digest: str, entries: Iterable[LockEntry], found: Iterable[Account] = ()) -> str:
    """Sorted by account id, then by bucket; an account without a bucket of ours is left out.
    `found` are the accounts from elsewhere than the fleet file.
    """
    accounts: dict[str, dict[str, Any]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.account_id, entry.name)):
        accounts.setdefault(Quoted(entry.account_id), {})[entry.name] = _facts(entry)
    content: dict[str, Any] = {"firnline": FileKind.LOCK.value, "digest": digest}
    elsewhere = {Quoted(account.id.value): _account(account) for account in found}
    if elsewhere:
        content["accounts_from"] = dict(sorted(elsewhere.items()))
    content["accounts"] = accounts
    return HEADER + written(content)


def _account(account: Account) -> dict[str, Any]:
    role = {"role": account.role.value} if account.role else {}
    if account.external_id:
        role["external_id"] = account.external_id.value
    if account.profile:
        role["profile"] = account.profile
    return {
        "label": account.label.value,
        "name": account.name,
        "regions": list(account.regions),
        **role,
        "wave": account.wave,
        "source": account.source,
    }


def _facts(entry: LockEntry) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "region": entry.region,
        "partition": Partition.of_region(entry.region).value,
        "kind": entry.type.value,
        "versioning": entry.versioning.value,
        "object_lock": ObjectLock.of(entry.object_lock).value,
        "ours": Ours.of(entry.covered).value,
    }
    if entry.tags:
        facts["tags"] = dict(entry.tags)
    if entry.foreign:
        # Without foreign rules we choose the header, and `up` must not change the lock.
        if entry.minimum_size is not None:
            facts["minimum_size"] = entry.minimum_size.value
        facts["foreign_rules"] = list(entry.foreign)
    return facts
