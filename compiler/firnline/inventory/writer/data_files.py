"""Rows → data files of a format, each of a bounded number of rows, one in memory at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, Protocol, assert_never

from firnline.inventory.manifest import InventoryFormat
from firnline.inventory.writer.csv_file import CsvFile
from firnline.inventory.writer.row import Field, InventoryRow

ROWS: Final = 200_000
"""In a data file. As CSV it is then some 5 MB, and takes no more memory while it is written."""


class DataFileWriter(Protocol):
    """`suffix` is how its name ends; `add` takes rows that fit into memory."""

    rows: int

    @property
    def suffix(self) -> str: ...

    def add(self, rows: Iterable[InventoryRow]) -> None: ...

    def finished(self) -> bytes: ...


def new_data_file(form: InventoryFormat, fields: Sequence[Field], bucket: str) -> DataFileWriter:
    """Of `bucket`. All but CSV needs pyarrow."""
    match form:
        case InventoryFormat.CSV:
            return CsvFile(fields, bucket)
        case InventoryFormat.PARQUET:
            # pyarrow is slow to import, and CSV does without it.
            from firnline.inventory.writer.columnar_file import ParquetFile

            return ParquetFile(fields, bucket)
        case InventoryFormat.ORC:
            from firnline.inventory.writer.columnar_file import OrcFile

            return OrcFile(fields, bucket)
        case _:
            assert_never(form)


def data_files(
    rows: Iterable[InventoryRow],
    form: InventoryFormat,
    fields: Sequence[Field],
    bucket: str,
    most_rows: int = ROWS,
) -> Iterator[DataFileWriter]:
    """At least one, which may be empty: S3 writes one for an empty bucket too."""
    remaining = iter(rows)
    file = new_data_file(form, fields, bucket)
    while batch := list(islice(remaining, min(_BATCH, most_rows))):
        if file.rows + len(batch) > most_rows:
            yield file
            file = new_data_file(form, fields, bucket)
        file.add(batch)
    yield file


_BATCH: Final = 10_000
