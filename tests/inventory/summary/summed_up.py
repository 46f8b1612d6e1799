"""Random buckets as inventories on disk, and their summaries."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.facts.summarised import summarised
from firnline.inventory.summary.cut import cut_for
from firnline.inventory.summary.summary import BucketSummary
from firnline.s3.model import RuleSet
from tests.inventory.facts.written import VERSIONS, write
from tests.inventory.forecast.ledger.stored import World
from tests.inventory.rows_of_worlds import rows_of

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
