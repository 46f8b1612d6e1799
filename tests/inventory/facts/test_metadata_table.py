"""The files of an S3 Metadata live inventory table: what is read of them, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import assume, given, settings

from firnline.inventory.facts.alike import groups_in
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.metadata_table import open_table
from firnline.inventory.facts.problems import (
    MissingFile,
    NotATable,
    OtherFields,
    SameVersionTwice,
    SeveralBuckets,
    StaleInventory,
    UnknownFields,
    UnreadableRows,
    UnusableInventory,
    WrongDate,
)
from firnline.inventory.forecast.cuts import cuts
from tests.inventory.facts.metadata import MADE, SCHEMA, Row, marker, row, write_file, write_table
from tests.inventory.forecast.firnline_words import batch_of, rules_of
from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.ledger import keep_ledger
from tests.inventory.forecast.ledger.stored import Key, Version, World
from tests.inventory.forecast.test_forecast_agrees import (
    WORLDS,
    outlook_of,
    replaced_when_it_would_move,
    with_time_in_class,
)

OLD = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@settings(max_examples=25, deadline=None)
@given(WORLDS)
def test_a_table_is_forecast_as_the_ledger_says(world: World) -> None:
    batch = batch_of(world)
    keys = [_bare(key) for key in world.keys]
    keys = [with_time_in_class(batch, key, world.as_of) for key in keys]
    bare = replace(world, keys=tuple(keys), uploads=())
    assume(not replaced_when_it_would_move(bare, 3))
    with TemporaryDirectory() as folder:
        table = write_table(Path(folder) / "table", list(_rows(bare)))
        with open_table(table, world.as_of) as facts:
            found = cuts([rules_of(world)], world.versioning == "Suspended")
            counted = list(groups_in(facts, found, batch, world.as_of))
    assert outlook_of(batch, counted, bare, US_EAST_1, 3) == keep_ledger(bare, US_EAST_1, 3)


def _bare(key: Key) -> Key:
    """Without what S3 Metadata does not tell: Object Lock and replication."""
    versions = (replace(each, locked_until=None, awaits_replication=False) for each in key.versions)
    return Key(key.name, tuple(versions))


def _rows(world: World) -> Iterator[Row]:
    for key in world.keys:
        for place, version in enumerate(key.versions):
            yield _row(key.name, version, None if version.null else f"v{place}")


def _row(key: str, version: Version, version_id: str | None) -> Row:
    if version.marker:
        return marker(key, version.created, version_id=version_id)
    return row(
        key,
        version.created,
        version_id=version_id,
        size=version.size,
        storage_class=version.storage_class,
        object_tags=version.tags,
    )


VERSIONS = [
    row("a", OLD, size=1, object_tags={"team": "ml"}),  # of before the bucket had versions
    row("a", OLD + DAY, version_id="v1", size=2),
    marker("a", OLD + 2 * DAY, version_id="v2"),
    row("b", OLD, version_id="v3", size=3, storage_class="GLACIER_IR", e_tag="0123-17"),
]
TOLD = (
    Column.KEY,
    Column.VERSION_ID,
    Column.IS_LATEST,
    Column.SIZE,
    Column.NONCURRENT_SINCE,
    Column.NEWER_NONCURRENT_VERSIONS,
    Column.STORAGE_CLASS,
)


def test_the_newest_row_of_a_key_is_its_current_version(tmp_path: Path) -> None:
    assert rows_of(write_table(tmp_path / "table", VERSIONS), *TOLD) == [
        ("a", "null", False, 1, OLD + DAY, 1, "STANDARD"),
        ("a", "v1", False, 2, OLD + 2 * DAY, 0, "STANDARD"),
        ("a", "v2", True, None, None, None, None),
        ("b", "v3", True, 3, None, None, "GLACIER_IR"),
    ]


def test_of_versions_of_one_second_the_record_that_came_later_is_the_current_one(
    tmp_path: Path,
) -> None:
    ordered = [
        row("a", OLD, version_id=name, sequence_number=number)
        for name, number in (("x", "80e7b"), ("y", "80e7c"), ("z", "80e7a"))
    ]
    told = rows_of(write_table(tmp_path, ordered), Column.VERSION_ID, Column.IS_LATEST)
    assert told == [("x", False), ("y", True), ("z", False)]


def test_tags_parts_and_the_bucket_are_told(tmp_path: Path) -> None:
    columns = (Column.BUCKET, Column.KEY, Column.TAGS, Column.PART_COUNT, Column.ENCRYPTION)
    table = write_table(tmp_path, VERSIONS)
    with open_table(table, MADE) as facts:
        assert Column.TAGS in facts.known
        assert Column.REPLICATION_STATUS not in facts.known
        assert facts.all_versions
        assert not facts.lists_uploads
        assert facts.as_of == MADE
    assert ("lab", "b", [], 17, "SSE-S3") in rows_of(table, *columns)
    assert ("lab", "a", [("team", "ml")], 0, "SSE-S3") in rows_of(table, *columns)


@pytest.mark.parametrize(
    "type_",
    [pa.timestamp("us", tz="UTC"), pa.timestamp("ns"), pa.timestamp("ms")],
)
def test_moments_are_read_as_engines_write_them(tmp_path: Path, type_: pa.DataType) -> None:
    schema = changed("last_modified_date", type_)
    table = write_table(tmp_path, VERSIONS[:1], parts=1, schema=schema)
    assert rows_of(table, Column.LAST_MODIFIED) == [(OLD,)]


def test_moments_are_read_as_athena_writes_them(tmp_path: Path) -> None:
    path = write_file(tmp_path / "all.parquet", VERSIONS[:1])
    table = pa.parquet.read_table(path)
    pa.parquet.write_table(table, path, use_deprecated_int96_timestamps=True)
    assert rows_of(path, Column.LAST_MODIFIED) == [(OLD,)]


def test_one_file_is_a_table(tmp_path: Path) -> None:
    path = write_file(tmp_path / "all.parquet", VERSIONS)
    assert len(rows_of(path, Column.KEY)) == 4


def test_what_spark_writes_beside_data_is_passed_over(tmp_path: Path) -> None:
    table = write_table(tmp_path, VERSIONS)
    (table / "_SUCCESS").write_text("")
    (table / ".part-0.crc").write_text("crc")
    (table / "_temporary").mkdir()
    (table / "_temporary" / "0").write_text("half")
    assert len(rows_of(table, Column.KEY)) == 4


def test_a_table_without_tags_does_not_know_them(tmp_path: Path) -> None:
    schema = pa.schema([field for field in SCHEMA if field.name != "object_tags"])
    with open_table(write_table(tmp_path, VERSIONS, schema=schema), MADE) as facts:
        assert Column.TAGS not in facts.known


def test_objects_whose_tags_are_not_told_are_counted(tmp_path: Path) -> None:
    rows = [*VERSIONS, row("c", OLD, object_tags=None)]
    with open_table(write_table(tmp_path, rows), MADE) as facts:
        (inventory,) = facts.inventories
        assert inventory.table is not None
        assert inventory.table.untold_tags == 1


@pytest.mark.parametrize(
    ("rows", "problem", "says"),
    [
        ([], NotATable, "has no rows, so nothing says its bucket"),
        ([*VERSIONS, row("x", OLD, bucket="other")], SeveralBuckets, "`lab` and `other`"),
        ([*VERSIONS, row("x", MADE + HOUR)], WrongDate, "has an object of 2026-11-28 11:00:00 UTC"),
        ([*VERSIONS, row("x", OLD, size=None)], UnreadableRows, "in 1 row, such as that of `x`"),
        ([*VERSIONS, row("x", OLD, size=-5)], UnreadableRows, "in 1 row, such as that of `x`"),
        ([*VERSIONS, {**row("x", OLD), "last_modified_date": None}], UnreadableRows, "of `x`"),
        ([*VERSIONS, {**marker("x", OLD), "last_modified_date": None}], UnreadableRows, "of `x`"),
        ([*VERSIONS, VERSIONS[0]], SameVersionTwice, "has version `null` of `a` twice"),
        ([*VERSIONS, row("b", OLD + DAY, version_id="v3")], SameVersionTwice, "`v3` of `b`"),
    ],
)
def test_rows_that_cannot_be_one_table_are_refused(
    tmp_path: Path, rows: list[Row], problem: type[UnusableInventory], says: str
) -> None:
    table = write_table(tmp_path / "table", rows)
    with pytest.raises(problem) as refused:
        open_table(table, MADE)
    assert str(refused.value).startswith(f"{table} ")
    assert says in str(refused.value)


def without(*names: str) -> pa.Schema:
    return pa.schema([field for field in SCHEMA if field.name not in names])


def changed(name: str, type_: pa.DataType) -> pa.Schema:
    return SCHEMA.set(SCHEMA.get_field_index(name), pa.field(name, type_))


@pytest.mark.parametrize(
    ("schema", "problem", "says"),
    [
        (without("size", "key"), NotATable, "without `key`, `size`: export the table again"),
        (SCHEMA.append(pa.field("record_type", pa.string())), NotATable, "journal table"),
        (SCHEMA.append(pa.field("mood", pa.string())), UnknownFields, "does not know, `mood`"),
        (changed("size", pa.float64()), NotATable, "has `size` as DOUBLE, not BIGINT"),
        (changed("object_tags", pa.string()), NotATable, "has `object_tags` as VARCHAR, not MAP"),
        (
            pa.schema([("file_path", pa.string()), ("pos", pa.int64())]),
            NotATable,
            "says which rows of other files are deleted",
        ),
    ],
)
def test_files_that_are_of_no_such_table_are_named(
    tmp_path: Path, schema: pa.Schema, problem: type[UnusableInventory], says: str
) -> None:
    table = write_table(tmp_path / "table", VERSIONS)
    guilty = write_file(table / "10", [], schema)
    with pytest.raises(problem) as refused:
        open_table(table, MADE)
    assert str(refused.value).startswith(f"{guilty} ")
    assert says in str(refused.value)


def test_files_with_other_columns_than_the_first_are_named(tmp_path: Path) -> None:
    table = write_table(tmp_path, VERSIONS)
    guilty = write_file(table / "30", [], without("e_tag"))
    with pytest.raises(OtherFields, match="do not have the same `e_tag`") as refused:
        open_table(table, MADE)
    assert str(refused.value).startswith(f"{guilty} ")


@pytest.mark.parametrize("content", [b"", b"key,size\n", b"PAR1"])
def test_other_files_and_parts_of_files_are_named(tmp_path: Path, content: bytes) -> None:
    table = write_table(tmp_path, VERSIONS)
    (table / "notes.txt").write_bytes(content)
    with pytest.raises(NotATable, match=r"notes\.txt is no Parquet file"):
        open_table(table, MADE)


def test_a_file_that_is_cut_off_is_named(tmp_path: Path) -> None:
    table = write_table(tmp_path, VERSIONS)
    guilty = table / "20261128_100000_1"
    guilty.write_bytes(guilty.read_bytes()[:-1])
    with pytest.raises(NotATable, match="20261128_100000_1 is no Parquet file"):
        open_table(table, MADE)


def test_a_folder_without_files_and_one_that_is_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match="has no files"):
        open_table(tmp_path, MADE)
    with pytest.raises(MissingFile, match="table does not exist"):
        open_table(tmp_path / "table", MADE)


def test_a_table_that_is_too_old_is_refused(tmp_path: Path) -> None:
    table = write_table(tmp_path, VERSIONS)
    with pytest.raises(StaleInventory, match="before the limit of 2026-11-28 11:00"):
        open_table(table, MADE, not_before=MADE + HOUR)


def rows_of(path: Path, *columns: Column) -> list[tuple[Any, ...]]:
    with open_table(path, MADE) as facts:
        rows = [
            tuple(each.values()) for batch in facts.batches(*columns) for each in batch.to_pylist()
        ]
    return sorted(rows, key=str)
