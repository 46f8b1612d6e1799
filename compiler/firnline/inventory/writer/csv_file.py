"""Rows → a data file in CSV: gzip, no header, all fields quoted, keys URL-encoded."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote_plus
from zlib import compressobj

from firnline.inventory.writer.columns import Column, Type, columns_of
from firnline.inventory.writer.row import Field, InventoryRow

_GZIP: Final = 31
"""The `wbits` of zlib for gzip; it writes no time, so that the same rows are the same bytes."""

Cell = Callable[[InventoryRow], str]


class CsvFile:
    """Only the compressed bytes are kept until the file is finished."""

    suffix: Final = "csv.gz"

    def __init__(self, fields: Sequence[Field], bucket: str) -> None:
        self.rows = 0
        self._cells = [_cell(column) for column in columns_of(fields, bucket)]
        self._content = _Compressed()
        self._csv = csv.writer(self._content, quoting=csv.QUOTE_ALL, lineterminator="\n")

    def add(self, rows: Iterable[InventoryRow]) -> None:
        for row in rows:
            self._csv.writerow([cell(row) for cell in self._cells])
            self.rows += 1

    def finished(self) -> bytes:
        return self._content.finished()


class _Compressed:
    """Not the file itself: it would refer to its `csv.writer` and that to it, and would be freed
    only when garbage is collected, which no command does.
    """

    def __init__(self) -> None:
        self._compress = compressobj(wbits=_GZIP)
        self._ready: list[bytes] = []

    def write(self, line: str) -> None:
        if ready := self._compress.compress(line.encode()):
            self._ready.append(ready)

    def finished(self) -> bytes:
        self._ready.append(self._compress.flush())
        return b"".join(self._ready)


def _cell(column: Column) -> Cell:
    spelt, value = _SPELT[column.type], column.value
    if column.field is Field.KEY:
        # Spaces are `+` (reported in cloud-custodian/cloud-custodian#1997).
        return lambda row: quote_plus(row.key, safe="/")

    def cell(row: InventoryRow) -> str:
        found = value(row)
        return "" if found is None else spelt(found)

    return cell


def _moment(value: object) -> str:
    assert isinstance(value, datetime)
    told = value.astimezone(UTC).isoformat(timespec="milliseconds")
    return f"{told.removesuffix('+00:00')}Z"


_SPELT: Final[dict[Type, Callable[[object], str]]] = {
    Type.TEXT: str,
    Type.FLAG: lambda value: "true" if value else "false",
    Type.NUMBER: str,
    Type.MOMENT: _moment,
}
