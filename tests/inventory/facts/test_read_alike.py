"""Reads of keys joined to what is stored, and for how long they keep objects in a dear tier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.read_alike import read_cells
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.forecast.cuts import cuts
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.terms import Days
from tests.inventory.facts.written import MADE, write

FIELDS = ("Bucket", "Key", "Size", "StorageClass", "LastModifiedDate")
MIB = 2**20
BEGIN = datetime(2026, 9, 29, tzinfo=UTC)
RULES = RuleSet((Rule("tagged", Filter(tags=(("tier", "cold"),)), expires=Days(90)),))


def read_on(key: str, *days: int, looks: Sequence[int] = ()) -> list[dict[str, object]]:
    return [
        {"key": key, "read": BEGIN + timedelta(days=day), "reads": count, "bytes": 7 * count}
        for some, count in ((days, 1), (looks, 0))
        for day in some
    ]


def test_reads_are_told_by_class_with_the_days_that_they_keep_objects_in_the_dearest_tier(
    tmp_path: Path,
) -> None:
    made = {"Bucket": "lab", "Size": MIB, "LastModifiedDate": BEGIN - timedelta(days=400)}
    classes = {"a": "STANDARD", "b": "GLACIER_IR", "c": "STANDARD_IA"}
    rows = [{"Key": key, "StorageClass": name, **made} for key, name in classes.items()]
    small = {**made, "Size": 131_071}  # in the dearest tier whether or not it is read
    rows.append({"Key": "small", "StorageClass": "STANDARD", **small})
    manifest = write(tmp_path, rows, FIELDS, made=MADE)
    batch = pa.RecordBatch.from_pylist(
        [
            *read_on("a", 0, 40, looks=[30]),  # kept for 30 days, and from 40 to the end
            *read_on("b", *range(60)),  # all the time
            *read_on("c", 59),  # for 30 days, as if it were read every 60
            *read_on("small", 5),
            *read_on("gone", 1),
        ],
        pa.schema(
            {
                "key": pa.string(),
                "read": pa.timestamp("us", "UTC"),
                "reads": pa.int64(),
                "bytes": pa.int64(),
            }
        ),
    )
    with open_inventory([OnDisk(manifest)]) as facts:
        cells = list(read_cells(facts, cuts([RULES], is_suspended=False), [batch], 60))
    kept = dict.fromkeys(classes.values(), 0)
    reads = dict.fromkeys(classes.values(), 0)
    for each in cells:
        kept[each.example.storage_class] += each.volume.kept
        reads[each.example.storage_class] += each.volume.reads
    assert kept == {"STANDARD": 50 * MIB, "GLACIER_IR": 60 * MIB, "STANDARD_IA": 30 * MIB}
    assert reads == {"STANDARD": 3, "GLACIER_IR": 60, "STANDARD_IA": 1}
    assert not any(each.tags_known for each in cells)
