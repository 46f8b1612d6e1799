"""`firnline forecast --bucket NAME` alone: what a live bucket stores, as AWS tells it already."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import Age, InventorySource, reading
from firnline.cli.stored import StoredIn
from firnline.cli.stored_metrics import Measured, usable
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Access, NoAccess, requesting
from firnline.fleet.bucket_metrics import read_metrics
from firnline.fleet.configured_inventories import Configured, configured_inventories
from firnline.fleet.live import read_region, read_versioning
from firnline.fleet.questions import LOCATE_BUCKET, READ_VERSIONING
from firnline.inventory.storage_metrics import NotMetrics
from firnline.s3.terms import Versioning

_NOT_THERE = ("404", "NoSuchBucket")


@dataclass(frozen=True, slots=True)
class LiveBucket:
    stored: StoredIn
    region: str
    versioning: Versioning


def live_bucket(
    bucket: str, source: InventorySource, age: Age, colour: str, months: int
) -> LiveBucket:
    """By its newest inventory, or else by its sizes. Raises `CommandFailed`."""
    with reading(bucket):
        access = source.access(bucket)
        access = replace(access, region=_region(bucket, access, source))
        with requesting(access.account_id, READ_VERSIONING):
            versioning = read_versioning(source.clients.s3(access), bucket)
    stored = _inventoried(bucket, access, source, age, colour)
    stored = stored or _measured(bucket, access, source, age, months)
    if stored is None:
        raise CommandFailed(f"nothing tells what {visible(bucket)} stores: {_list(bucket)}", code=3)
    return LiveBucket(stored, access.region, versioning)


def _list(bucket: str) -> str:
    listed = f"firnline inventory list {visible(bucket)} --versions --uploads"
    return f"`{listed}` makes an inventory of it"


def _region(bucket: str, access: Access, source: InventorySource) -> str:
    try:
        with requesting(access.account_id, LOCATE_BUCKET):
            return read_region(source.clients.s3(access), bucket)
    except NoAccess as why:
        if why.code in _NOT_THERE:
            raise CommandFailed(f"there is no bucket `{visible(bucket)}`") from None
        if not why.denied:
            raise
        say(f"{visible(bucket)} is taken to be in {access.region}: no {LOCATE_BUCKET} to ask")
        return access.region


def _inventoried(
    bucket: str, access: Access, source: InventorySource, age: Age, colour: str
) -> StoredIn | None:
    """None where it has none that can be read, which is told."""
    try:
        found = configured_inventories(source.clients.s3(access), access.account_id, bucket)
    except NoAccess as why:
        say(f"{visible(bucket)}: whether it has inventories is not known: no {why.permission}")
        return None
    if not found:
        say(f"{visible(bucket)} has no S3 Inventory")
    for each in found:
        called = f"{visible(bucket)}: its inventory `{visible(each.id)}`"
        try:
            return _opened(each, access, source, age, colour)
        except CommandFailed as why:
            say(f"{called} cannot be used: {why}")
    return None


def _opened(
    found: Configured, access: Access, source: InventorySource, age: Age, colour: str
) -> StoredIn:
    """Raises `CommandFailed`."""
    if found.lacks:
        raise CommandFailed(f"it {visible(found.lacks)}")
    # An extra, and slow to import.
    from firnline.cli.named_inventories import of_configuration, open_inventory

    return open_inventory(of_configuration(found, access, source), age, colour)


def _measured(
    bucket: str, access: Access, source: InventorySource, age: Age, months: int
) -> Measured | None:
    """None where there are no metrics that can be read, which is told."""
    try:
        client = source.clients.cloudwatch(access)
        metrics = read_metrics(client, access.account_id, bucket, age.at)
        if metrics is None:
            say(
                f"{visible(bucket)} has no storage metrics in CloudWatch yet: S3 reports them daily"
            )
            return None
        found = usable(Measured("CloudWatch", metrics, months), age)
    except NoAccess as why:
        say(f"{visible(bucket)}: its storage metrics cannot be read: no {why.permission}")
        return None
    except NotMetrics as problem:
        say(f"{visible(bucket)}: CloudWatch {visible(str(problem))}")
        return None
    say(f"by its sizes in CloudWatch alone; for exact numbers {_list(bucket)}")
    return found
