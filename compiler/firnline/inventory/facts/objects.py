"""Some inventories → the query of the table's rows, with the columns that are derived."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from firnline.inventory.facts.engine import Tables, rows_of
from firnline.inventory.facts.fields import (
    column_sql,
    fields_for,
    identifier,
    is_upload,
    known_columns,
    lists_all_versions,
    lists_uploads,
    of_uploads,
)
from firnline.inventory.facts.frame import DERIVED, Column, null, quoted
from firnline.inventory.facts.inventory_files import OnDiskFile
from firnline.inventory.facts.metadata_rows import inventory_rows
from firnline.inventory.facts.noncurrent import CARRIED, READ_BACK, with_derived
from firnline.inventory.manifest import InventoryFormat


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """What the rows of an S3 Metadata table say of it; `untold_tags` counts the objects whose tags
    it does not tell.
    """

    bucket: str
    untold_tags: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """What one bucket stored at a moment: in files that are what S3 wrote, or, with `table`, in
    those of an S3 Metadata table, which nothing proves whole. With `loaded`, its rows are instead
    in the table of that name in the engine.

    `made` is when S3 began to list; the list is eventually consistent, so an object of that hour
    may be missing, and one that was deleted in it may still be there.
    """

    bucket: str
    made: datetime
    called: str
    format: InventoryFormat
    fields: tuple[str, ...]
    files: tuple[OnDiskFile, ...]
    table: CheckedTable | None = None
    loaded: str | None = None

    @property
    def all_versions(self) -> bool:
        """Whether noncurrent versions and delete markers are listed; otherwise nothing is known of
        them, not even whether there are any.
        """
        return lists_all_versions(self.fields)

    @property
    def lists_uploads(self) -> bool:
        """Whether incomplete uploads are listed, as S3 Inventory never does."""
        return lists_uploads(self.fields)

    @property
    def known(self) -> frozenset[Column]:
        return known_columns(self.fields)


_STORED: Final = tuple(column for column in Column if column not in DERIVED)


def objects_of(
    inventories: Sequence[Inventory], columns: Collection[Column], computed: Mapping[str, str]
) -> tuple[str, Tables]:
    """With the tables that it needs."""
    queries: list[str] = []
    tables: Tables = {}
    for number, inventory in enumerate(inventories):
        query, needed = _of_inventory(inventory, columns, computed, f"inventory {number}")
        queries.append(f"({query})")
        tables = {**tables, **needed}
    return " union all by name ".join(queries), tables


def uploads_of(inventories: Sequence[Inventory], columns: Collection[Column]) -> tuple[str, Tables]:
    """The rows that are incomplete uploads; none of an inventory that does not list them."""
    queries: list[str] = []
    tables: Tables = {}
    for number, inventory in enumerate(inventories):
        query, needed = _stored(inventory, list(columns), f"inventory {number}", uploads=True)
        queries.append(f"({query})")
        tables = {**tables, **needed}
    return " union all by name ".join(queries), tables


def _of_inventory(
    inventory: Inventory, columns: Collection[Column], computed: Mapping[str, str], name: str
) -> tuple[str, Tables]:
    # What is the same in every row is not carried through the sort.
    told = [each for each in columns if each in inventory.known and each is not Column.BUCKET]
    stored = [each for each in told if each in _STORED]
    derived = [each for each in told if each in DERIVED and inventory.all_versions]
    names = [*stored, *map(identifier, computed)]
    used = {*stored, *_named_in([*computed.values(), *(CARRIED.values() if derived else ())])}
    found, tables = _stored(inventory, [each for each in _STORED if each in used], name)
    if derived:
        carried = [*(each for each in stored if each not in READ_BACK), *_named(computed)]
        rows = f"select {', '.join([*carried, *_named(CARRIED)])} from ({found})"
        query = with_derived(rows, names, derived)
    else:
        query = f"select {', '.join([*stored, *_named(computed)]) or '*'} from ({found})"
    there = {*stored, *derived}
    asked = [each if each in there else f"{_same(each, inventory)} as {each}" for each in columns]
    asked += map(identifier, computed)
    return f"select {', '.join(asked) or 'true as _row'} from ({query})", tables


def _same(column: Column, inventory: Inventory) -> str:
    """The value in every row."""
    return quoted(inventory.bucket) if column is Column.BUCKET else null(column)


def _named_in(expressions: Iterable[str]) -> set[Column]:
    """What is named in a text only is read in vain, but nothing is left out."""
    words = {word for sql in expressions for word in re.findall(r"\w+", sql.lower())}
    return {column for column in _STORED if column in words}


def _stored(
    inventory: Inventory, columns: Sequence[Column], name: str, *, uploads: bool = False
) -> tuple[str, Tables]:
    """The query of columns that are not derived, of versions and delete markers or of uploads."""
    if not inventory.files and inventory.loaded is None:
        nulls = [f"{null(each)} as {each}" for each in columns]
        return f"select {', '.join(nulls) or 'true as _row'} where false", {}
    needed = fields_for(columns, inventory.fields)
    rows, tables = _rows(inventory, needed, name)
    if inventory.table:
        rows = inventory_rows(rows, needed)
    fields = of_uploads(inventory.fields) if uploads else inventory.fields
    values = [
        column_sql(each, inventory.bucket, fields, inventory.format) + f" as {each}"
        for each in columns
    ]
    wanted = f"where {'' if uploads else 'not '}({is_upload(inventory.fields)})"
    where = wanted if uploads or inventory.lists_uploads else ""
    return f"select {', '.join(values) or 'true as _row'} from {rows} {where}", tables


def _rows(inventory: Inventory, needed: Sequence[str], name: str) -> tuple[str, Tables]:
    if inventory.loaded is not None:
        return identifier(inventory.loaded), {}
    paths = [file.path for file in inventory.files]
    return rows_of(paths, inventory.format, inventory.fields, needed, name)


def _named(expressions: Mapping[str, str]) -> list[str]:
    return [f"{sql} as {identifier(name)}" for name, sql in expressions.items()]
