"""What the table of several inventories says, and what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from firnline.inventory.facts.frame import DERIVED, TYPES, Column, quoted
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.problems import NotEnoughRoom
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.facts.table import Facts
from tests.inventory.facts import written
from tests.inventory.facts.written import CURRENT, MADE, VERSIONS, write

DAY = timedelta(days=1)
SCHEMA_OF_S3 = (
    "message s3.inventory {  required binary bucket (UTF8);  required binary key (UTF8);"
    "  optional int64 last_modified_date (TIMESTAMP_MILLIS);}"
)


def _version(key: str, age: int, **more: Any) -> Mapping[str, Any]:
    row = {"Key": key, "LastModifiedDate": MADE - age * DAY, "Size": 100 + age}
    return {**row, "VersionId": f"{key}-{age}", "IsLatest": False, "IsDeleteMarker": False, **more}


VERSIONS_OF_TWO = [
    _version("a", 30),
    _version("a", 20, IsDeleteMarker=True, Size=None),
    _version("a", 10, IsLatest=True),
    _version("b", 40),
    _version("b", 5, IsLatest=True, IsDeleteMarker=True, Size=None),
]


def _rows(facts: Facts, *columns: Column) -> list[tuple[Any, ...]]:
    batches = facts.batches(*columns)
    return sorted(tuple(row.values()) for batch in batches for row in batch.to_pylist())


@pytest.fixture
def facts(tmp_path: Path) -> Any:
    fields = (*VERSIONS, "Size", "LastModifiedDate")
    versions = write(tmp_path / "versions", VERSIONS_OF_TWO, fields, "Parquet")
    current = write(
        tmp_path / "current", [_version("a", 7)], (*CURRENT, "Size"), bucket="docs", made=MADE - DAY
    )
    with open_inventory([OnDisk(versions), OnDisk(current)]) as found:
        yield found


def test_a_version_is_noncurrent_since_the_next_newer_one_or_marker(facts: Facts) -> None:
    columns = (
        *(Column.BUCKET, Column.VERSION_ID, Column.NONCURRENT_SINCE),
        *(Column.NEWER_NONCURRENT_VERSIONS, Column.NONCURRENT_VERSIONS),
    )
    assert sorted(_rows(facts, *columns), key=str) == [
        ("docs", None, None, None, None),
        ("lab", "a-10", None, None, 2),
        ("lab", "a-20", MADE - 10 * DAY, 0, 2),
        ("lab", "a-30", MADE - 20 * DAY, 1, 2),
        ("lab", "b-40", MADE - 5 * DAY, 0, 1),
        ("lab", "b-5", None, None, 1),
    ]


def test_keys_of_two_buckets_are_two(facts: Facts) -> None:
    assert _rows(facts, Column.BUCKET, Column.KEY, Column.IS_LATEST).count(("docs", "a", True)) == 1


def test_what_one_inventory_lacks_is_null_in_its_rows_and_not_known_of_all(facts: Facts) -> None:
    assert Column.LAST_MODIFIED not in facts.known
    assert Column.SIZE in facts.known
    dated = [row for row in _rows(facts, Column.BUCKET, Column.LAST_MODIFIED) if row[1]]
    assert {bucket for bucket, _ in dated} == {"lab"}
    assert [each.all_versions for each in facts.inventories] == [True, False]
    assert not facts.all_versions


def test_facts_are_of_the_moment_of_the_oldest_inventory(facts: Facts) -> None:
    assert facts.as_of == MADE - DAY


def test_a_query_groups_by_what_is_computed_of_columns_that_it_does_not_take(facts: Facts) -> None:
    [batch] = facts.query(
        "select early, old, count(*) as objects, sum(size)::bigint as bytes from"
        " (select *, noncurrent_since is not null as old from objects) group by all order by all",
        [Column.SIZE, Column.NONCURRENT_SINCE],
        {"early": f"key = {quoted('a')}"},
    )
    assert batch.to_pylist() == [
        {"early": False, "old": False, "objects": 1, "bytes": None},
        {"early": False, "old": True, "objects": 1, "bytes": 140},
        {"early": True, "old": False, "objects": 2, "bytes": 217},
        {"early": True, "old": True, "objects": 2, "bytes": 130},
    ]


@pytest.mark.parametrize("form", ["CSV", "Parquet", "ORC"])
def test_a_query_may_read_the_table_twice(form: str, tmp_path: Path) -> None:
    manifest = write(tmp_path, VERSIONS_OF_TWO, (*VERSIONS, "Size", "LastModifiedDate"), form)
    twice = "select (select sum(size)::bigint from objects) as bytes, count(*) as rows from objects"
    with open_inventory([OnDisk(manifest)]) as facts:
        [batch] = facts.query(twice, [Column.SIZE, Column.NONCURRENT_SINCE])
    assert batch.to_pylist() == [{"bytes": 380, "rows": 5}]


def test_two_queries_can_be_read_at_once(facts: Facts) -> None:
    one = facts.batches(Column.KEY, rows=1)
    other = facts.batches(Column.SIZE, Column.NONCURRENT_SINCE, rows=1)
    assert sum(1 for _ in zip(one, other, strict=True)) == 6


@pytest.mark.parametrize("form", ["CSV", "Parquet", "ORC"])
def test_moments_are_utc_and_every_column_has_its_type(form: str, tmp_path: Path) -> None:
    manifest = write(tmp_path, VERSIONS_OF_TWO, (*VERSIONS, "LastModifiedDate"), form, parts=1)
    with open_inventory([OnDisk(manifest)]) as facts:
        batch, *_ = facts.batches(*Column)
    types = {
        "varchar": "string",
        "boolean": "bool",
        "bigint": "int64",
        "integer": "int32",
        "timestamptz": "timestamp[us, tz=UTC]",
        "map(varchar, varchar)": "map<string, string>",
    }
    assert batch.schema.names == [column.value for column in Column]
    assert [str(field.type) for field in batch.schema] == [types[TYPES[each]] for each in Column]


@pytest.mark.parametrize(
    "type_", [pa.timestamp("ms"), pa.timestamp("ms", tz="UTC"), pa.timestamp("ns")]
)
def test_moments_in_parquet_are_utc_whatever_their_type_says(
    type_: pa.DataType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(written.TYPES, "LastModifiedDate", type_)
    monkeypatch.setattr(written, "schema", lambda *_: SCHEMA_OF_S3)
    manifest = write(tmp_path, VERSIONS_OF_TWO[:1], (*CURRENT, "LastModifiedDate"), "Parquet")
    with open_inventory([OnDisk(manifest)]) as facts:
        assert _rows(facts, Column.LAST_MODIFIED) == [(MADE - 30 * DAY,)]


def test_versions_of_one_second_are_in_the_same_order_each_time(tmp_path: Path) -> None:
    second = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [_version("a", age, LastModifiedDate=second) for age in range(1, 50)]
    rows += [_version("a", 0, IsLatest=True, LastModifiedDate=second)]
    columns = (Column.VERSION_ID, Column.NONCURRENT_SINCE, Column.NEWER_NONCURRENT_VERSIONS)
    fields = (*VERSIONS, "LastModifiedDate")
    found = []
    for turn in range(3):
        manifest = write(tmp_path / str(turn), rows[turn * 7 :] + rows[: turn * 7], fields)
        with open_inventory([OnDisk(manifest)]) as facts:
            found.append(sorted(_rows(facts, *columns), key=str))
    assert found[0] == found[1] == found[2]
    assert {newer for _, _, newer in found[0]} == {None, *range(49)}


def test_an_inventory_without_dates_derives_no_dates(tmp_path: Path) -> None:
    manifest = write(tmp_path, VERSIONS_OF_TWO, VERSIONS)
    with open_inventory([OnDisk(manifest)]) as facts:
        assert facts.known & set(DERIVED) == {Column.NONCURRENT_VERSIONS}
        assert set(_rows(facts, Column.NONCURRENT_SINCE, Column.NEWER_NONCURRENT_VERSIONS)) == {
            (None, None)
        }


def test_an_inventory_of_an_empty_bucket_has_no_rows(tmp_path: Path) -> None:
    manifest = write(tmp_path, [], (*VERSIONS, "Size", "LastModifiedDate"), "ORC", parts=0)
    with open_inventory([OnDisk(manifest)]) as facts:
        assert list(facts.batches(*Column)) == []


def test_too_little_memory_is_said_to_be_too_little(tmp_path: Path) -> None:
    fields = (*VERSIONS, "LastModifiedDate")
    manifest = write(tmp_path, VERSIONS_OF_TWO * 20_000, fields, "Parquet")
    with (
        open_inventory([OnDisk(manifest)], memory=1_000_000) as small,
        pytest.raises(NotEnoughRoom, match="memory"),
    ):
        list(small.batches(*Column))
