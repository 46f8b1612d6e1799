"""What `--inventory` names → the files of inventories, on disk or in S3.

In S3 it may be a manifest.json, or a folder above: then the newest finished ones are taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from firnline.cli.bucket_access import bucket_access
from firnline.cli.failed import CommandFailed
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Access, Clients, NoAccess, can_ask
from firnline.fleet.configured_inventories import Configured
from firnline.fleet.inventory_bucket import InBucket, Newest, newest_inventories
from firnline.inventory.facts.inventory_files import InventoryFiles, OnDisk
from firnline.s3.terms import Days

MANIFEST = "manifest.json"
_S3 = "s3://"
_LISTED = 5


def is_inventory(named: str) -> bool:
    """Otherwise it is a listing in one file."""
    return named.startswith(_S3) or PurePath(named).name == MANIFEST


@dataclass(frozen=True, slots=True)
class Age:
    """Of inventories: counted at `at`, where `limit` says how old one may be."""

    at: datetime
    limit: Days | None = None

    @property
    def not_before(self) -> datetime | None:
        return None if self.limit is None else self.at - timedelta(days=self.limit)


_OLD = timedelta(days=7)
"""S3 Inventory lists daily or weekly: no configuration of a bucket leaves one older for long."""


def old_in_words(as_of: datetime, at: datetime | None) -> str:
    """What goes on after the name of facts of a moment, in a forecast as of another."""
    if at is None or at - as_of <= _OLD:
        return ""
    days = how_many((at - as_of).days, "day")
    return f"; it is {days} old, and what was written since is not in it"


@dataclass(slots=True)
class InventorySource:
    """`account` is the label of the account that owns the bucket that was named, if it is told;
    `policies` the folder with the fleet file and the lock.
    """

    account: str | None
    policies: str
    clients: Clients = field(default_factory=Clients)
    _found: dict[str, Access] = field(default_factory=dict)

    def files(self, named: str, bucket: str | None = None) -> list[InventoryFiles]:
        """Of one inventory of each bucket; of `bucket` alone, if that is named and a destination
        has several. Raises `CommandFailed`, `UnusableInventory`.
        """
        _refuse_absent(named)
        if not is_inventory(named):
            raise CommandFailed(
                f"{visible(named)} is no inventory: name its manifest.json, on disk or s3://…, or"
                " the folder or Parquet files of an S3 Metadata table, as PATH@DATE"
            )
        if not named.startswith(_S3):
            return [OnDisk(Path(named))]
        if not can_ask():
            raise CommandFailed(f"{visible(named)} is read by boto3: pip install 'firnline[aws]'")
        destination = named.removeprefix(_S3).partition("/")[0]
        with reading(destination):
            access = self.reader(destination)
            client = self.clients.s3(access)
            if named.endswith(f"/{MANIFEST}"):
                return [InBucket(client, access.account_id, named)]
            found = newest_inventories(client, access.account_id, named, bucket)
            _refuse_two_of_a_bucket(named, found)
            return [InBucket(client, access.account_id, each.uri) for each in found]

    def newest_of(self, found: Configured, access: Access) -> InventoryFiles:
        """`access` is that of the bucket: its account may read the destination, or else the account
        that owns it. Raises `CommandFailed`, `UnusableInventory`.
        """
        try:
            return self._newest(found.folder, access.to_buckets_of(found.owner))
        except NoAccess:
            with reading(found.destination):
                owner = bucket_access(found.destination, None, self.policies)
                return self._newest(found.folder, owner.to_buckets_of(found.owner or owner.owner))

    def _newest(self, folder: str, access: Access) -> InventoryFiles:
        client = self.clients.s3(access)
        (newest,) = newest_inventories(client, access.account_id, folder)
        return InBucket(client, access.account_id, newest.uri)

    def reader(self, bucket: str) -> Access:
        """Of a bucket that may be in another account than the one that is named."""
        access = self.access(bucket)
        return access if self.account is None else access.to_buckets_of(None)

    def access(self, bucket: str) -> Access:
        if bucket not in self._found:
            self._found[bucket] = bucket_access(bucket, self.account, self.policies)
        return self._found[bucket]


def _refuse_absent(named: str) -> None:
    """What is neither in S3 nor on disk, perhaps as PATH@DATE. Raises `CommandFailed`."""
    if named == _S3:
        raise CommandFailed(f"{named} names no bucket: write s3://BUCKET/…/{MANIFEST}")
    path, at, _ = named.rpartition("@")
    if named.startswith(_S3) or Path(named).exists() or (at and Path(path).exists()):
        return
    raise CommandFailed(
        f"{visible(named)} is not there: name the {MANIFEST} of an inventory, or write one with"
        " `firnline inventory list BUCKET`"
    )


@contextmanager
def reading(bucket: str) -> Iterator[None]:
    """Raises `CommandFailed` where AWS does not answer."""
    try:
        yield
    except NoAccess as why:
        text = f"{visible(bucket)} could not be read: {visible(why.in_words)}"
        raise CommandFailed(text, 3) from None


def _refuse_two_of_a_bucket(named: str, found: list[Newest]) -> None:
    by_bucket: dict[str, list[str]] = defaultdict(list)
    for each in found:
        by_bucket[each.bucket].append(each.uri)
    for bucket, uris in by_bucket.items():
        if len(uris) > 1:
            raise CommandFailed(
                f"{visible(named)} has {len(uris)} inventories of {visible(bucket)}, and each may"
                " list another part of it: name one\n"
                + "\n".join(f"  {visible(uri)}" for uri in uris[:_LISTED])
            )
