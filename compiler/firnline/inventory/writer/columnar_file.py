"""Rows → a data file in Parquet (snappy) or ORC (zlib). Needs pyarrow: `firnline[inventory]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final

import pyarrow
from pyarrow import orc, parquet

from firnline.inventory.writer.columns import Type, columns_of
from firnline.inventory.writer.row import Field, InventoryRow

_TYPES: Final = {
    Type.TEXT: pyarrow.string(),
    Type.FLAG: pyarrow.bool_(),
    Type.NUMBER: pyarrow.int64(),
    Type.MOMENT: pyarrow.timestamp("ms", tz="UTC"),
}
# ORC's `timestamp`, as S3 has it, says no time zone; it is UTC.
_TYPES_OF_ORC: Final = _TYPES | dict.fromkeys((Type.MOMENT,), pyarrow.timestamp("ms"))


class _ColumnarFile:
    """The columns are kept until the file is finished."""

    types: ClassVar[Mapping[Type, Any]] = _TYPES

    def __init__(self, fields: Sequence[Field], bucket: str) -> None:
        self.rows = 0
        self._columns = columns_of(fields, bucket)
        self._batches: list[Any] = []
        self._schema = pyarrow.schema(
            [(column.name, self.types[column.type]) for column in self._columns]
        )

    def add(self, rows: Iterable[InventoryRow]) -> None:
        several = list(rows)
        self.rows += len(several)
        arrays = [
            pyarrow.array([column.value(row) for row in several], self.types[column.type])
            for column in self._columns
        ]
        self._batches.append(pyarrow.record_batch(arrays, schema=self._schema))

    def _table(self) -> Any:
        return pyarrow.Table.from_batches(self._batches, self._schema)


class ParquetFile(_ColumnarFile):
    suffix: Final = "parquet"

    def finished(self) -> bytes:
        sink = pyarrow.BufferOutputStream()
        parquet.write_table(self._table(), sink, compression="snappy")
        return bytes(sink.getvalue())


class OrcFile(_ColumnarFile):
    suffix: Final = "orc"
    types: ClassVar[Mapping[Type, Any]] = _TYPES_OF_ORC

    def finished(self) -> bytes:
        sink = pyarrow.BufferOutputStream()
        orc.write_table(self._table(), sink, compression="zlib")
        return bytes(sink.getvalue())
