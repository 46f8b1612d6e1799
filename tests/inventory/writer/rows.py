"""Rows with everything that a key, a version or a tag may have."""

from __future__ import annotations

from datetime import UTC, datetime

from firnline.inventory.writer.row import OF_ALL_VERSIONS, Field, InventoryRow

MADE = datetime(2026, 11, 28, 1, 30, 15, 250_000, tzinfo=UTC)
WRITTEN = datetime(2026, 11, 21, 11, 15, 5, tzinfo=UTC)
ALL_FIELDS = (*OF_ALL_VERSIONS, Field.OBJECT_TAGS, Field.UPLOAD_ID)
KEYS = (
    "plain/key.bin",
    "with space",
    "a+b=c&d",
    "100%25",
    'quoted "so", and, commas',
    "schnee/übergröße-❄",
    "two\nlines\r\n",
    "trailing/",
    "null",
)
VERSION = InventoryRow(
    key="models/a b.bin",
    last_modified=WRITTEN,
    size=5 << 30,
    version_id="3HL4kqtJvjVBH40Nrjfkd",
    is_latest=True,
    is_delete_marker=False,
    etag="0123456789abcdef0123456789abcdef-80",
    storage_class="GLACIER_IR",
    tags=(("team", "r&d"), ("note", 'a "b", c')),
)
MARKER = InventoryRow(key="gone", last_modified=WRITTEN, is_latest=True, is_delete_marker=True)
UPLOAD = InventoryRow(key="half", last_modified=WRITTEN, size=9, upload_id="VXBsb2Fk")


def objects(count: int) -> list[InventoryRow]:
    return [InventoryRow(f"key/{number:06}", WRITTEN, number) for number in range(count)]
