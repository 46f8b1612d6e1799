from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC

import pyarrow
import pytest
from pyarrow import orc, parquet

from firnline.inventory.manifest import InventoryFormat
from firnline.inventory.writer.columnar_file import OrcFile, ParquetFile
from firnline.inventory.writer.data_files import data_files
from firnline.inventory.writer.row import OF_CURRENT_OBJECTS, InventoryRow
from tests.inventory.writer.rows import ALL_FIELDS, KEYS, MARKER, UPLOAD, VERSION, WRITTEN, objects


@pytest.mark.parametrize("form", InventoryFormat)
@pytest.mark.parametrize(("rows", "files"), [(0, [0]), (9, [9]), (10, [10]), (25, [10, 10, 5])])
def test_no_file_has_more_rows_than_it_may(
    form: InventoryFormat, rows: int, files: list[int]
) -> None:
    made = data_files(objects(rows), form, OF_CURRENT_OBJECTS, "acme", most_rows=10)
    assert [file.rows for file in made] == files


def test_parquet_and_orc_hold_the_same_values_as_the_rows() -> None:
    rows = [VERSION, MARKER, UPLOAD, *(InventoryRow(key, WRITTEN, 1) for key in KEYS)]
    of_parquet, of_orc = ParquetFile(ALL_FIELDS, "acme"), OrcFile(ALL_FIELDS, "acme")
    for file in (of_parquet, of_orc):
        file.add(rows)
    tables = (
        parquet.read_table(pyarrow.BufferReader(of_parquet.finished())),
        orc.read_table(pyarrow.BufferReader(of_orc.finished())),
    )
    for table in tables:
        found = table.to_pylist()
        assert [each["key"] for each in found] == [row.key for row in rows]
        assert [each["size"] for each in found] == [row.size for row in rows]
        moments = {each["last_modified_date"] for each in found}
        assert {each.replace(tzinfo=each.tzinfo or UTC) for each in moments} == {WRITTEN}
        assert found[0]["object_tags"] == "team=r%26d&note=a+%22b%22%2C+c"
        assert found[0]["is_latest"] is True
        assert found[1]["version_id"] is None
        assert found[2]["upload_id"] == "VXBsb2Fk"


@pytest.mark.slow
def test_memory_is_bounded_by_a_file_whatever_the_number_of_rows() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        for file in data_files(
            _many(count), InventoryFormat.CSV, OF_CURRENT_OBJECTS, "acme", 5_000
        ):
            file.finished()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few, many = peak(10_000), peak(40_000)
    assert many < 1.2 * few


def _many(count: int) -> Iterator[InventoryRow]:
    return (InventoryRow(f"key/{number:09}", WRITTEN, number) for number in range(count))
