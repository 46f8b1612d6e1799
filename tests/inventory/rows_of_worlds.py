"""A random world → the rows of an inventory of its bucket."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from tests.inventory.facts.written import Row
from tests.inventory.forecast.ledger.stored import World


def rows_of(world: World) -> Iterator[Row]:
    for key in world.keys:
        for place, version in enumerate(key.versions):
            yield {
                "Key": key.name,
                "VersionId": None if version.null else f"v{place}",
                "IsLatest": place == len(key.versions) - 1,
                "IsDeleteMarker": version.marker,
                "Size": None if version.marker else version.size,
                "LastModifiedDate": version.created,
                "StorageClass": None if version.marker else version.storage_class,
                "ReplicationStatus": "PENDING" if version.awaits_replication else None,
                "ObjectLockRetainUntilDate": version.locked_until,
                "ObjectTags": urlencode(version.tags),
            }
