"""CSV, with its columns in the first line or given → the rows of a listing."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_plus

from firnline.inventory.not_a_listing import ACCEPTED, NotAListing
from firnline.inventory.rows import RowLocation, column_name

# A key that was URL-encoded is ASCII without spaces, and each of its percent signs a code's.
_ENCODED: Final = re.compile(r"(?:[!-$&-~]|%[0-9A-Fa-f]{2})*")
_OF_AWS_S3_LS: Final = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|\s+PRE) ")


class UnnamedColumns(NotAListing):
    """It has no header, and nothing else says what its columns are."""


class Table(NamedTuple):
    """The names of the columns, whether the first line has them, and whether keys are encoded."""

    text: str
    names: Sequence[str]
    header: bool
    decode: bool


def as_table(text: str, schema: Sequence[str] | None = None) -> Table:
    """`schema` names the columns of a file of S3 Inventory: it has no header, and its keys are
    URL-encoded (S3 User Guide, "Amazon S3 Inventory list"; spaces as `+`, as reported in
    cloud-custodian/cloud-custodian#1997). Raises `NotAListing`.
    """
    first = next(_cells(text), [])
    names = tuple(column_name(name) for name in first)
    if schema is not None:
        columns = tuple(column_name(name) for name in schema)
        if "key" not in columns:
            raise NotAListing("has no column `Key` by its schema")
        return Table(text, columns, names == columns, decode=True)
    if "key" not in names:
        raise _unnamed(first, text)
    return Table(text, names, header=True, decode=_has_encoded_keys(text, names))


def rows_of_table(table: Table, part: int = 0) -> Iterator[tuple[RowLocation, Mapping[str, Any]]]:
    """Raises `NotAListing` where it is no CSV."""
    versions = "versionid" in table.names
    lines = csv.reader(StringIO(table.text, newline=""))
    try:
        if table.header:
            next(lines, None)
        for cells in lines:
            if cells:
                yield RowLocation(part, "", lines.line_num), _values(cells, table, versions)
    except csv.Error as problem:
        raise NotAListing(f"is no CSV in line {lines.line_num}: {problem}") from None


def _values(cells: Sequence[str], table: Table, versions: bool) -> Mapping[str, Any]:
    if len(cells) > len(table.names):
        return {"": f"{len(cells)} cells in {len(table.names)} columns"}
    values = {name: cell for name, cell in zip(table.names, cells, strict=False) if cell != ""}
    if table.decode and "key" in values:
        values["key"] = unquote_plus(values["key"])
    if versions and "versionid" not in values:
        # S3 Inventory leaves it empty for the null version (S3 User Guide, inventory list).
        values["versionid"] = "null"
    return values


def _cells(text: str) -> Iterator[list[str]]:
    lines = csv.reader(StringIO(text, newline=""))
    try:
        yield from lines
    except csv.Error as problem:
        raise NotAListing(f"is no CSV in line {lines.line_num}: {problem}") from None


def _unnamed(first: Sequence[str], text: str) -> NotAListing:
    if _OF_AWS_S3_LS.match(text):
        return NotAListing(
            "is of `aws s3 ls`, which shows neither storage classes nor the time zone: use"
            " `aws s3api list-object-versions`"
        )
    if len(first) < 2:
        return NotAListing(f"is no listing; what is read: {ACCEPTED}")
    return UnnamedColumns(
        "has no header with a column `Key`: give the manifest.json of the inventory instead, or"
        ' its `fileSchema`, such as --schema "Bucket, Key, Size, LastModifiedDate"'
    )


def _has_encoded_keys(text: str, names: Sequence[str]) -> bool:
    """Whether somebody put a header above a file of S3 Inventory: then all keys look encoded."""
    if "lastmodifieddate" not in names or "%" not in text:
        return False
    place = names.index("key")
    keys = [cells[place] for cells in _cells(text) if len(cells) > place]
    return any("%" in key for key in keys) and all(_ENCODED.fullmatch(key) for key in keys)
