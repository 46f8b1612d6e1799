"""The ledger's world in Firnline's words, for what is compared with the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from firnline.inventory.forecast.groups import Group, Stored
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.price_list import (
    Band,
    MonitoringPrice,
    Prices,
    Source,
    StoragePrice,
    TransitionPrice,
)
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import AccessTier, ReplicationStatus, Versioning
from tests.inventory.forecast.ledger import bill
from tests.inventory.forecast.ledger.stored import Key, Upload, World

VERSIONING = {
    "": Versioning.OFF,
    "Enabled": Versioning.ENABLED,
    "Suspended": Versioning.SUSPENDED,
}
TIERS = {
    AccessTier.FREQUENT: "INTELLIGENT_TIERING",
    AccessTier.INFREQUENT: "INTELLIGENT_TIERING infrequent",
    AccessTier.ARCHIVE_INSTANT: "INTELLIGENT_TIERING archive instant",
}
SOURCE = Source("the ledger", date(2026, 9, 28))


def batch_of(world: World) -> Batch:
    return Batch(rules_of(world), BucketState(VERSIONING[world.versioning]))


def rules_of(world: World) -> RuleSet:
    rules = read_configuration(
        {
            "Rules": [{"ID": str(place), **rule} for place, rule in enumerate(world.rules)],
            "TransitionDefaultMinimumObjectSize": world.minimum_size,
        }
    )
    assert isinstance(rules, RuleSet)
    return rules


def items_of(key: Key) -> list[StoredItem]:
    count = len(key.versions)
    return [_item(key, place, count) for place in range(count)]


def _item(key: Key, place: int, count: int) -> StoredItem:
    version = key.versions[place]
    current = place == count - 1
    known: dict[str, Any] = {
        "null_version": version.null,
        "current": current,
        "noncurrent_since": None if current else key.versions[place + 1].created,
        "newer_noncurrent": max(0, count - 2 - place),
    }
    if version.marker:
        hidden = count - 1 if current else 0
        return StoredItem(
            key.name, version.created, kind=ItemKind.DELETE_MARKER, hidden=hidden, **known
        )
    return StoredItem(
        key.name,
        version.created,
        version.size,
        version.storage_class,
        tuple(sorted(version.tags.items())),
        retain_until=version.locked_until,
        replication=ReplicationStatus.PENDING if version.awaits_replication else None,
        **known,
    )


def upload_of(upload: Upload) -> StoredItem:
    return StoredItem(upload.key, upload.initiated, kind=ItemKind.MULTIPART_UPLOAD)


def group_of(key: Key) -> Group:
    return tuple(
        Stored(
            item,
            Volume().plus(Volume.of(item.size), key.times),
            version.in_class_since or version.created,
        )
        for item, version in zip(items_of(key), key.versions, strict=True)
    )


def group_of_upload(upload: Upload) -> Group:
    volume = Volume().plus(Volume.of(upload.size), upload.times)
    return (Stored(upload_of(upload), volume, upload.initiated),)


def prices_of(prices: bill.Prices) -> Prices:
    return Prices(
        "us-east-1",
        SOURCE.published,
        tuple(_storage(prices)),
        tuple(
            TransitionPrice(name.removeprefix("transition to "), price / 1000, SOURCE)
            for name, price in prices.items()
            if name.startswith("transition to ")
        ),
        MonitoringPrice(prices["monitoring"] / 1000, SOURCE),
    )


def _storage(prices: bill.Prices) -> Iterator[StoragePrice]:
    for storage_class in ("STANDARD", "REDUCED_REDUNDANCY", *bill.MINIMUM_DAYS):
        yield StoragePrice(storage_class, None, _bands(storage_class, prices), SOURCE)
    for tier, name in TIERS.items():
        yield StoragePrice("INTELLIGENT_TIERING", tier, _bands(name, prices), SOURCE)


def _bands(name: str, prices: bill.Prices) -> tuple[Band, ...]:
    if name not in bill.BANDED:
        return (Band(None, prices[name]),)
    return (
        Band(50 * 1024, prices[name]),
        Band(500 * 1024, prices[f"{name} above 50 TB"]),
        Band(None, prices[f"{name} above 500 TB"]),
    )
