"""A bucket in parts, each summed up on its own, comes to the summary of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.facts.batches import fields_needed, summary_of_batches
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.problems import UnreadableRows
from firnline.inventory.facts.s3_inventory import manifest_of, open_inventory
from firnline.inventory.facts.summarised import summarised
from firnline.inventory.manifest import InventoryFormat, Manifest
from firnline.inventory.summary.cut import Cut, cut_for
from firnline.inventory.summary.file import read_summary, to_parquet
from firnline.inventory.summary.parts import joined
from firnline.inventory.summary.summary import BucketSummary, Summary
from tests.inventory.facts.written import MADE, write
from tests.inventory.forecast.firnline_words import items_of, rules_of
from tests.inventory.forecast.ledger.stored import World
from tests.inventory.forecast.random_worlds import worlds
from tests.inventory.rows_of_worlds import rows_of
from tests.inventory.summary.in_rows import summed_up
from tests.inventory.summary.summed_up import FIELDS
from tests.inventory.summary.test_bounds import twins

LIMITS = st.sampled_from((1, 2, 3, 4, 6, 10, 1_000))
MEMORY = 200_000_000


@st.composite
def crowded(draw: st.DrawFn) -> World:
    """With keys that differ in little."""
    world = draw(worlds())
    keys = [twin for key in world.keys for twin in draw(twins(key))]
    return replace(world, keys=tuple(keys))


def cut_by(world: World, made_for: World) -> Cut:
    return cut_for(
        [rules_of(made_for)],
        ("a/",),
        ("t",),
        is_suspended=world.versioning == "Suspended",
        all_versions=True,
        tags_known=True,
    )


@settings(max_examples=25, deadline=None)
@given(crowded(), worlds(), LIMITS, st.data())
def test_parts_come_to_the_whole_however_keys_are_divided(
    world: World, made_for: World, limit: int, data: st.DataObject
) -> None:
    cut = cut_by(world, made_for)
    parts = [
        summed_up([list(items_of(key)) for key in keys], cut, world.as_of, limit)
        for keys in divided(world.keys, data)
    ]
    whole = summed_up([list(items_of(key)) for key in world.keys], cut, world.as_of, limit)
    assert joined(data.draw(st.permutations(parts)), limit) == whole
    of_some = [joined(some, limit) for some in (parts[:2], parts[2:])]
    assert joined(filter(None, of_some), limit) == whole


def divided(keys: Sequence[Any], data: st.DataObject) -> list[list[Any]]:
    parts: dict[int, list[Any]] = {}
    for key in keys:
        parts.setdefault(data.draw(st.integers(0, 3)), []).append(key)
    return list(parts.values())


@settings(max_examples=2, deadline=None)
@given(crowded(), worlds(), LIMITS, st.booleans(), st.data())
def test_batches_of_parts_come_to_the_file_of_the_whole_inventory(
    world: World, made_for: World, limit: int, lists_uploads: bool, data: st.DataObject
) -> None:
    compare(world, made_for, limit, lists_uploads, data)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(crowded(), worlds(), LIMITS, st.booleans(), st.data())
def test_batches_of_parts_come_to_the_file_of_any_inventory(
    world: World, made_for: World, limit: int, lists_uploads: bool, data: st.DataObject
) -> None:
    compare(world, made_for, limit, lists_uploads, data)


def compare(
    world: World, made_for: World, limit: int, lists_uploads: bool, data: st.DataObject
) -> None:
    fields = (*FIELDS, "UploadId") if lists_uploads else FIELDS
    rows = [*rows_of(world), *(uploads_of(world) if lists_uploads else ())]
    cut = cut_by(world, made_for)
    with TemporaryDirectory() as folder:
        written = OnDisk(write(Path(folder), rows, fields, "Parquet", made=world.as_of))
        manifest = manifest_of(written, None)
        table = pa.concat_tables(map(pa.parquet.read_table, Path(folder).rglob("*.parquet")))
        with open_inventory([written]) as facts:
            whole = summarised(facts, cut, limit)
    there = table.select(fields_needed(manifest.schema, cut))
    keys = divided(sorted(set(there["key"].to_pylist())), data)
    parts = [
        summary_of_batches(batches_of(there, each), manifest, "it", cut, limit, MEMORY)
        for each in keys
    ]
    found = joined((read_back(each) for each in parts), limit)
    assert in_bytes(found) == in_bytes(whole)


def uploads_of(world: World) -> Iterator[dict[str, Any]]:
    for number, each in enumerate(world.uploads):
        begun, name = each.initiated, f"u{number}"
        yield {"Key": each.key, "Size": each.size, "LastModifiedDate": begun, "UploadId": name}


def batches_of(table: pa.Table, keys: Sequence[str]) -> Iterator[pa.RecordBatch]:
    wanted = pa.compute.is_in(table["key"], pa.array(keys))
    yield from table.filter(wanted).to_batches(max_chunksize=2)


def read_back(summary: BucketSummary | None) -> BucketSummary:
    """As a worker hands it over: as a file."""
    return read_summary(in_bytes(summary), "it").buckets[0]


def in_bytes(summary: BucketSummary | None) -> bytes:
    assert summary
    return to_parquet(Summary((summary,)))


MANIFEST = Manifest("lab", MADE, InventoryFormat.PARQUET, ("key", "size", "last_modified_date"), ())
WHOLE = Cut(("",), (), (), (), together=False)


def test_no_rows_have_no_summary() -> None:
    assert summary_of_batches([], MANIFEST, "it", WHOLE, 10, MEMORY) is None
    assert joined([], 10) is None


def test_a_value_that_cannot_be_counted_is_refused() -> None:
    batch = pa.record_batch({"key": ["a"], "size": [-1], "last_modified_date": [MADE]})
    with pytest.raises(UnreadableRows, match=r"^it is what S3 wrote, .* a row has a negative size"):
        summary_of_batches([batch], MANIFEST, "it", WHOLE, 10, MEMORY)


def test_what_stops_the_batches_is_raised_as_it_is() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"key": ["a"], "size": [1], "last_modified_date": [MADE]})
        raise ConnectionError("the shuffle is gone")

    with pytest.raises(ConnectionError, match="the shuffle is gone"):
        summary_of_batches(batches(), MANIFEST, "it", WHOLE, 10, MEMORY)
