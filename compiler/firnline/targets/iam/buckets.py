"""Which buckets of an account does a policy of IAM name, and how exactly?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from firnline.language.fleet import Account
from firnline.language.lock import Lock
from firnline.language.model import Folder, matches
from firnline.s3.terms import Partition


class Exactness(Enum):
    """The value is its name for programs."""

    NAMES = "names"
    PATTERNS = "patterns"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Buckets:
    """`names` are names, or patterns with `*`, as policies and IAM both have them."""

    names: tuple[str, ...]
    exactness: Exactness
    partition: Partition

    @property
    def arns(self) -> list[str]:
        return [f"arn:{self.partition}:s3:::{name}" for name in self.names]


def partition_of(account: Account) -> Partition:
    return Partition.of_region(account.regions[0])


def every_bucket(account: Account) -> Buckets:
    return Buckets(("*",), Exactness.ACCOUNT, partition_of(account))


def locked(folder: Folder, account: Account) -> Buckets:
    """Those of the lock, by name."""
    names = tuple(sorted(_of_lock(folder.lock, account)))
    return Buckets(names, Exactness.NAMES, partition_of(account))


def named_by_policies(folder: Folder, account: Account) -> Buckets:
    """As `applies_to` names them, and those of the lock that no policy names any more. An exclusion
    cannot be said in a list of resources.
    """
    written = set(_of_policies(folder, account))
    said = {each for each in written if not any(matches(each, more) for more in written - {each})}
    others = {
        name
        for name in _of_lock(folder.lock, account)
        if not any(matches(name, pattern) for pattern in said)
    }
    exactness = Exactness.PATTERNS if any("*" in each for each in said) else Exactness.NAMES
    return Buckets(tuple(sorted(said | others)), exactness, partition_of(account))


def _of_lock(lock: Lock | None, account: Account) -> Iterator[str]:
    for bucket in lock.buckets if lock else ():
        if bucket.account_id == account.id.value:
            yield bucket.name.value


def _of_policies(folder: Folder, account: Account) -> Iterator[str]:
    for policy in folder.policies:
        for entry in policy.applies_to:
            if entry.names(account.label.value):
                # An entry of exclusions alone includes all others.
                yield from (each.value for each in entry.included) if entry.included else ("*",)
