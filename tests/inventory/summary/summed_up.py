"""Random buckets as inventories on disk, and their summaries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.facts.summarised import summarised
from firnline.inventory.summary.cut import cut_for
from firnline.inventory.summary.summary import BucketSummary
from firnline.s3.model import RuleSet
from tests.inventory.facts.written import VERSIONS, Row, write
from tests.inventory.forecast.ledger.stored import World

FIELDS = (
    *VERSIONS,
    "Size",
    "LastModifiedDate",
    "StorageClass",
    "ReplicationStatus",
    "ObjectLockRetainUntilDate",
    "ObjectTags",
)


def summary_of(
    world: World,
    rule_sets: Sequence[RuleSet],
    folders: Sequence[str] = (),
    *,
    limit: int = 20_000,
    backwards: bool = False,
) -> BucketSummary:
    rows = list(rows_of(world))
    with TemporaryDirectory() as folder:
        manifest = write(Path(folder), rows[::-1] if backwards else rows, FIELDS, made=world.as_of)
        with open_inventory([OnDisk(manifest)]) as facts:
            cut = cut_for(
                rule_sets,
                folders,
                ("t",),
                is_suspended=world.versioning == "Suspended",
                all_versions=True,
                tags_known=True,
            )
            return summarised(facts, cut, limit)


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
