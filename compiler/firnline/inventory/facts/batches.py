"""Rows of an inventory that another engine read, batch by batch → the summary of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from tempfile import TemporaryDirectory
from typing import Final

from firnline.inventory.facts.engine import Batch
from firnline.inventory.facts.fields import fields_for, lists_all_versions, lists_uploads
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.objects import Inventory
from firnline.inventory.facts.summarised import READ, summarised
from firnline.inventory.facts.table import Facts
from firnline.inventory.manifest import InventoryFormat, Manifest
from firnline.inventory.summary.cut import Cut
from firnline.inventory.summary.rows import AgesBy
from firnline.inventory.summary.summary import BucketSummary

_TABLE: Final = "loaded"


def fields_needed(schema: Sequence[str], cut: Cut) -> list[str]:
    """By the summary, of those of a Parquet inventory."""
    needed: Collection[Column] = (*READ, Column.TAGS) if cut.tag_keys else READ
    return fields_for(needed, schema)


def empty_summary(manifest: Manifest, cut: Cut) -> BucketSummary:
    """Of a bucket without rows."""
    assert manifest.made is not None
    made, fields = manifest.made, manifest.schema
    lists = lists_all_versions(fields), lists_uploads(fields)
    return BucketSummary(manifest.bucket, made, made, *lists, cut, AgesBy.DAY, ())


def summary_of_batches(
    batches: Iterable[Batch], manifest: Manifest, called: str, cut: Cut, limit: int, memory: int
) -> BucketSummary | None:
    """Of rows with the fields that are needed, and all versions of each key that they have; None
    of no rows. It takes one thread, `memory` in bytes and a batch; more is spilled.

    Raises `UnreadableRows`, `NotEnoughRoom`, and what the iterable raises.
    """
    there = iter(batches)
    if (first := next(there, None)) is None:
        return None
    assert manifest.format is InventoryFormat.PARQUET
    assert manifest.made is not None
    inventory = Inventory(
        manifest.bucket, manifest.made, called, manifest.format, manifest.schema, (), loaded=_TABLE
    )
    folder = TemporaryDirectory(prefix="firnline-")
    with Facts([inventory], memory, folder, threads=1) as facts:
        facts.load(_TABLE, chain((first,), there))
        return summarised(facts, cut, limit)
