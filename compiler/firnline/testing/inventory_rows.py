"""A bucket of moto → the rows of its inventory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey

from firnline.inventory.writer.row import InventoryRow
from firnline.testing.bucket_contents import created
from firnline.testing.inventory_configuration import InventoryConfiguration
from firnline.testing.plan_advance import NULL

ExpiryOf = Callable[[FakeKey], datetime | None]
"""Of a current version: the day that S3 says its lifecycle expires it."""


def inventory_rows(
    bucket: FakeBucket, configuration: InventoryConfiguration, expiry_of: ExpiryOf
) -> Iterator[InventoryRow]:
    """Rows of all versions or of current objects, the newest of a key first."""
    for key, versions in bucket.keys.lists():
        if not key.startswith(configuration.prefix):
            continue
        for number, version in enumerate(reversed(versions)):
            if configuration.all_versions:
                yield _row(version, expiry_of, latest=number == 0)
            elif number == 0 and isinstance(version, FakeKey):
                yield _row(version, expiry_of, latest=True)


def _row(version: FakeKey | FakeDeleteMarker, expiry_of: ExpiryOf, *, latest: bool) -> InventoryRow:
    id = None if version.version_id == NULL else version.version_id
    if isinstance(version, FakeDeleteMarker):
        return InventoryRow(
            version.name,
            created(version),
            version_id=id,
            is_latest=latest,
            is_delete_marker=True,
        )
    etag = version.etag.strip('"')
    return InventoryRow(
        version.name,
        created(version),
        size=version.size,
        version_id=id,
        is_latest=latest,
        is_delete_marker=False,
        etag=etag,
        storage_class=version.storage_class or "STANDARD",
        is_multipart="-" in etag,
        # Since 2023 S3 encrypts whatever nobody else does (S3 User Guide, default encryption).
        encryption="SSE-S3",
        retain_until=_moment(version.lock_until),
        lock_mode=version.lock_mode,
        legal_hold=_hold(version.lock_legal_status),
        expiration=expiry_of(version) if latest else None,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _hold(status: str | None) -> str | None:
    """`On` or `Off`, as an inventory spells it."""
    return status.capitalize() if status else None
