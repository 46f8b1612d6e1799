from __future__ import annotations

import csv
import gzip
import io
from urllib.parse import parse_qsl, unquote_plus

import pytest

from firnline.inventory.writer.csv_file import CsvFile
from firnline.inventory.writer.row import OF_CURRENT_OBJECTS, InventoryRow
from tests.inventory.writer.rows import ALL_FIELDS, KEYS, MARKER, UPLOAD, VERSION, WRITTEN


def text_of(*rows: InventoryRow) -> str:
    file = CsvFile(ALL_FIELDS, "acme-models")
    file.add(rows)
    return gzip.decompress(file.finished()).decode()


def test_every_field_is_quoted_and_there_is_no_header() -> None:
    assert text_of(VERSION) == (
        '"acme-models","models/a+b.bin","3HL4kqtJvjVBH40Nrjfkd","true","false","5368709120",'
        '"2026-11-21T11:15:05.000Z","0123456789abcdef0123456789abcdef-80","GLACIER_IR",'
        '"team=r%26d&note=a+%22b%22%2C+c",""\n'
    )


def test_a_delete_marker_has_no_size_and_the_null_version_no_id() -> None:
    assert text_of(MARKER) == (
        '"acme-models","gone","","true","true","","2026-11-21T11:15:05.000Z","","","",""\n'
    )


def test_an_upload_is_neither_latest_nor_a_marker() -> None:
    assert text_of(UPLOAD) == (
        '"acme-models","half","","","","9","2026-11-21T11:15:05.000Z","","","","VXBsb2Fk"\n'
    )


@pytest.mark.parametrize("key", KEYS)
def test_keys_are_url_encoded_with_their_slashes(key: str) -> None:
    written = text_of(InventoryRow(key, WRITTEN))
    ((_, cell, *_),) = csv.reader(io.StringIO(written, newline=""))
    assert cell.isascii()
    assert not set(cell) & set(' "\n\r,')
    assert cell.count("/") == key.count("/")
    assert unquote_plus(cell) == key


def test_tags_are_read_back_as_they_were() -> None:
    (*_, tags, _) = next(csv.reader(io.StringIO(text_of(VERSION), newline="")))
    assert tuple(parse_qsl(tags)) == VERSION.tags


def test_a_file_has_the_fields_of_its_schema_alone() -> None:
    file = CsvFile(OF_CURRENT_OBJECTS, "acme")
    file.add([VERSION])
    (cells,) = csv.reader(io.StringIO(gzip.decompress(file.finished()).decode()))
    assert len(cells) == len(OF_CURRENT_OBJECTS)


def test_the_same_rows_are_the_same_bytes() -> None:
    files = [CsvFile(ALL_FIELDS, "acme") for _ in range(2)]
    for file in files:
        file.add([VERSION, MARKER])
    assert files[0].finished() == files[1].finished()
