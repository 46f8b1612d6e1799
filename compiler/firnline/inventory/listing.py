"""A listing of objects, versions, delete markers and uploads → items, and its problems.

CSV with the column names in the first line, or JSON as `aws s3api list-objects-v2`,
`list-object-versions` and `list-multipart-uploads` print it, or a JSON list of objects.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

from firnline.inventory.lines import lines_of
from firnline.inventory.rows import (
    Row,
    RowError,
    RowLocation,
    column_name,
    named_values,
    read_row,
)
from firnline.inventory.versions import completed
from firnline.s3.simulate.stored import MissingDetail, StoredItem

_SECTIONS: Final[dict[str, dict[str, Any]]] = {
    "Contents": {},
    "Versions": {},
    "DeleteMarkers": {"isdeletemarker": True},
    "Uploads": {"type": "upload"},
    "objects": {},
}
MOST_PROBLEMS: Final = 1_000


class NotAListing(ValueError):
    """The text says why; it completes a sentence that begins with the file's name."""


@dataclass(frozen=True, slots=True)
class Listing:
    """`problems` are lines of text, each with its place in the file; if there are any, items are
    missing.
    """

    items: tuple[StoredItem, ...]
    problems: tuple[str, ...]


def read_listing(content: bytes, path: str) -> Listing:
    """Raises `NotAListing` where it cannot be read at all."""
    if content[:4] == b"PAR1":
        raise NotAListing("is Parquet, which is not read yet: give CSV or JSON")
    if content[:2] == b"\x1f\x8b":
        raise NotAListing("is compressed: unpack it first")
    text = _text(content)
    if (rows := _rows_of_lines(text)) is not None:
        items, problems = _items(rows)
        return Listing(items, tuple(f"{path}:{row}: {why}" for (_, row), why in problems))
    items, problems = _items(_rows_of(_parsed(text)))
    return Listing(items, tuple(_with_lines(problems, text, path)))


def read_answer(document: Mapping[str, Any], path: str) -> Listing:
    """A response of boto3, as a listing; raises `NotAListing`."""
    items, problems = _items(_rows_of(document))
    return Listing(items, tuple(f"{path}: {name}[{row}]: {why}" for (name, row), why in problems))


def _items(
    rows: Iterator[tuple[RowLocation, Mapping[str, Any]]],
) -> tuple[tuple[StoredItem, ...], list[tuple[RowLocation, str]]]:
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


def _with_lines(problems: list[tuple[RowLocation, str]], text: str, path: str) -> Iterator[str]:
    lines = {
        name: lines_of(
            text,
            name if text.lstrip()[:1] == "{" else None,
            [place.row for place, _ in problems if place.section == name],
        )
        for name in {place.section for place, _ in problems}
    }
    for (name, row), why in problems:
        line = lines[name].get(row)
        yield f"{path}{f':{line}' if line else ''}: {name}[{row}]: {why}"


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise NotAListing(f"is not UTF-8 in line {line}") from None


def _rows_of_lines(text: str) -> Iterator[tuple[RowLocation, Mapping[str, Any]]] | None:
    """Of a format with a row on each line; None where the text is one document."""
    return None if text.lstrip()[:1] in ("{", "[") else _csv_rows(text)


def _csv_rows(text: str) -> Iterator[tuple[RowLocation, Mapping[str, Any]]]:
    lines = csv.reader(StringIO(text, newline=""))
    try:
        header = [column_name(name) for name in next(lines, [])]
        if "key" not in header:
            raise NotAListing("names no column `Key` in its first line")
        for cells in lines:
            if not cells:
                continue
            values = {name: cell for name, cell in zip(header, cells, strict=False) if cell != ""}
            if "versionid" in header:
                # S3 Inventory leaves it empty for the null version (S3 User Guide, inventory list).
                values.setdefault("versionid", "null")
            if len(cells) > len(header):
                values = {"": f"{len(cells)} cells in {len(header)} columns"}
            yield RowLocation("", lines.line_num), values
    except csv.Error as problem:
        raise NotAListing(f"is no CSV in line {lines.line_num}: {problem}") from None


def _rows_of(document: Any) -> Iterator[tuple[RowLocation, Mapping[str, Any]]]:
    if isinstance(document, list):
        document = {"objects": document}
    sections = {name: document[name] for name in _SECTIONS if isinstance(document.get(name), list)}
    if not sections:
        raise NotAListing(f"has none of {', '.join(f'`{name}`' for name in _SECTIONS)}")
    for section, rows in sections.items():
        for number, row in enumerate(rows):
            place = RowLocation(section, number)
            if isinstance(row, Mapping):
                yield place, {**_SECTIONS[section], **named_values(row)}
            else:
                yield place, {"": "no object"}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as problem:
        raise NotAListing(
            f"is not JSON: line {problem.lineno}, column {problem.colno}: {problem.msg}"
        ) from None
    except RecursionError:
        raise NotAListing("is nested too deeply") from None
    except ValueError as problem:
        raise NotAListing(f"is not JSON: {problem}") from None
