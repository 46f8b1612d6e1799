"""A listing of objects, versions, delete markers and uploads → items, and its problems.

Its form is recognised by its content: JSON or YAML of `aws s3api`, JSON of rclone or mc, CSV, the
manifest of S3 Inventory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from firnline.inventory.content import text_of
from firnline.inventory.documents import Document, documents_in
from firnline.inventory.json_rows import lines_of_rows, notes_on, rows_of, sections_of
from firnline.inventory.manifest import InventoryFormat, Manifest, is_manifest, read_manifest
from firnline.inventory.not_a_listing import NotAListing
from firnline.inventory.rows import Row, RowError, RowLocation, read_row
from firnline.inventory.table import Table, as_table, rows_of_table
from firnline.inventory.versions import completed
from firnline.s3.simulate.stored import MissingDetail, StoredItem

MOST_PROBLEMS: Final = 1_000
_NOTHING: Final = "the listing is empty: nothing is stored, or the command that made it has failed"

_DECODED: Final = (
    "its keys are URL-encoded, as S3 Inventory writes them, and are read as what they stand for"
)

Rows = Iterator[tuple[RowLocation, Mapping[str, Any]]]
Watch = Callable[[Rows, int], Rows]
"""Hands on the rows while somebody watches how many of how many were read."""


@dataclass(frozen=True, slots=True)
class Listing:
    """`problems` are lines of text, each with its place in the file; if there are any, items are
    missing. `notes` are what somebody who reads a result should know of the listing.
    """

    items: tuple[StoredItem, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()


Recognised = Table | Manifest | tuple[Document, ...]


def unwatched(rows: Rows, _total: int) -> Rows:
    return rows


def recognised(content: bytes, schema: Sequence[str] | None = None) -> Recognised:
    """What the content of a file is; `schema` names the columns of a CSV that does not. Raises
    `NotAListing`.
    """
    text = text_of(content)
    documents = documents_in(text) if schema is None else None
    if documents is None:
        return as_table(text, schema)
    if len(documents) == 1 and is_manifest(documents[0].value):
        return _of_csv(read_manifest(documents[0].value))
    return tuple(documents)


def _of_csv(manifest: Manifest) -> Manifest:
    if manifest.format is not InventoryFormat.CSV:
        raise NotAListing(
            f"is the manifest of an inventory in {manifest.format}, which is not read yet: let S3"
            " Inventory write CSV, or list the bucket with `aws s3api list-object-versions`"
        )
    return manifest


def read_listing(
    found: Table | tuple[Document, ...], path: str, watch: Watch = unwatched
) -> Listing:
    """Raises `NotAListing`."""
    if isinstance(found, Table):
        return read_tables([(path, found)], watch)
    sections = sections_of(found)
    total = sum(len(section.rows) for section in sections)
    items, problems = _items(watch(rows_of(sections), total))
    lines = lines_of_rows(sections, [place for place, _ in problems])
    told = (f"{path}{_line(lines.get(place))}{_called(place)}: {why}" for place, why in problems)
    return Listing(items, tuple(told), notes_on(found) if total else (_NOTHING,))


def read_tables(tables: Sequence[tuple[str, Table]], watch: Watch = unwatched) -> Listing:
    """Each with its path; together they are one listing. Raises `NotAListing`."""
    rows = chain.from_iterable(rows_of_table(table, part) for part, (_, table) in enumerate(tables))
    total = sum(table.text.count("\n") for _, table in tables)
    items, problems = _items(watch(rows, total))
    told = (f"{tables[place.part][0]}:{place.row}: {why}" for place, why in problems)
    decoded = any(table.header and table.decode for _, table in tables)
    return Listing(items, tuple(told), (_DECODED,) * decoded if items else (_NOTHING,))


def read_answer(document: Mapping[str, Any], path: str) -> Listing:
    """A response of boto3, as a listing; raises `NotAListing`."""
    return read_listing((Document(document, "", 0, is_json=False),), path)


def _line(line: int | None) -> str:
    return f":{line}" if line else ""


def _called(place: RowLocation) -> str:
    return f": {place.section}[{place.row}]" if place.section else ""


def _items(rows: Rows) -> tuple[tuple[StoredItem, ...], list[tuple[RowLocation, str]]]:
    read: list[Row] = []
    problems: list[tuple[RowLocation, str]] = []
    for place, values in rows:
        try:
            read.append(read_row(values, place))
        except RowError as problem:
            problems.append((place, str(problem)))
            if len(problems) >= MOST_PROBLEMS:
                break
    items: list[StoredItem] = []
    for row in completed(read):
        try:
            items.append(row.item())
        except MissingDetail as problem:
            problems.append((row.place, str(problem)))
    return tuple(items), problems
