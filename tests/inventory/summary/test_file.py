"""The file of a summary: what was written is read back, and anything else is refused by name."""

from __future__ import annotations

import json
import re

import pyarrow as pa
import pytest
from pyarrow import parquet

from firnline.inventory.summary.cut import Cut
from firnline.inventory.summary.file import read_summary, to_parquet
from firnline.inventory.summary.problems import (
    DamagedSummary,
    NotASummary,
    OtherVersion,
    UnusableSummary,
)
from firnline.inventory.summary.rows import AgesBy, Row, RowKind
from firnline.inventory.summary.summary import BucketSummary, Summary
from firnline.s3.timestamps import read_moment

MADE = read_moment("2026-11-28T01:00:00Z")
DAY = 20_000
ROW = Row(
    prefix="runs/ä",
    kind=RowKind.VERSION,
    storage_class="STANDARD",
    access_tier=None,
    is_latest=False,
    is_null=False,
    replication_status=None,
    tags=("ml", None),
    retained_until=DAY + 700,
    is_held=False,
    made_first=DAY,
    made_last=DAY + 6,
    since_first=DAY + 30,
    since_last=DAY + 31,
    hidden=0,
    newer_least=1,
    newer_most=2,
    size_least=5,
    size_most=2**40,
    objects=3,
    bytes=2**41,
    padded=2**41 + 1,
)


def of_bucket(name: str) -> BucketSummary:
    cut = Cut(("", "runs/ä"), (131_072,), (1, 3), ("owner", "team"), together=True)
    upload = ROW._replace(kind=RowKind.UPLOAD, tags=None, storage_class=None, is_latest=True)
    stacks = ((ROW, ROW._replace(is_latest=True, since_first=None, since_last=None)), (upload,))
    return BucketSummary(name, MADE, MADE, True, True, cut, AgesBy.WEEK, stacks)


SUMMARY = Summary((of_bucket("lab"), of_bucket("lab-2")))


def test_what_was_written_is_read_back() -> None:
    assert read_summary(to_parquet(SUMMARY), "x") == SUMMARY


def test_an_empty_bucket_has_a_summary() -> None:
    empty = Summary(
        (
            BucketSummary(
                "lab", MADE, MADE, True, True, Cut(("",), (), (), (), False), AgesBy.DAY, ()
            ),
        )
    )
    assert read_summary(to_parquet(empty), "x") == empty


def test_no_changed_byte_changes_what_is_read() -> None:
    content = to_parquet(SUMMARY)
    for place in range(0, len(content), 3):
        changed = bytearray(content)
        changed[place] ^= 0x15
        try:
            assert read_summary(bytes(changed), "x") == SUMMARY  # such as who wrote it
        except UnusableSummary:
            continue


def test_a_file_that_is_cut_off_is_damaged() -> None:
    content = to_parquet(SUMMARY)
    for length in range(4, len(content), 97):
        with pytest.raises(DamagedSummary, match=r"^x is damaged"):
            read_summary(content[:length], "x")


def test_other_content_says_that_it_is_not_what_was_written() -> None:
    """Somebody edited a number, and wrote whole Parquet again."""
    file = parquet.ParquetFile(pa.BufferReader(to_parquet(SUMMARY)))
    head = file.metadata.metadata[b"firnline.summary"]
    table = file.read()
    place = table.schema.get_field_index("objects")
    edited = table.set_column(place, "objects", pa.array([1] * len(table), pa.int64()))
    with pytest.raises(DamagedSummary, match="another SHA-256 than it states"):
        read_summary(parquet_of(edited, head), "x")


def test_a_summary_of_another_version_is_refused() -> None:
    file = parquet.ParquetFile(pa.BufferReader(to_parquet(SUMMARY)))
    head = json.loads(file.metadata.metadata[b"firnline.summary"])
    other = parquet_of(pa.table({"x": [1]}), json.dumps(head | {"schema_version": 2}))
    with pytest.raises(
        OtherVersion, match=r"^x is a summary of version 2, and this Firnline reads"
    ):
        read_summary(other, "x")


@pytest.mark.parametrize("content", [b"", b"{}", b"Bucket,Key\n"])
def test_what_is_something_else_says_so(content: bytes) -> None:
    with pytest.raises(NotASummary, match=re.escape("`firnline inventory summary --into` wrote")):
        read_summary(content, "x")


def test_parquet_of_something_else_says_so() -> None:
    with pytest.raises(NotASummary, match=r"^x is Parquet, but no summary"):
        read_summary(parquet_of(pa.table({"x": [1]}), None), "x")


def test_a_bucket_that_is_there_twice_is_refused() -> None:
    with pytest.raises(DamagedSummary, match="it has a bucket twice"):
        read_summary(to_parquet(Summary((of_bucket("lab"), of_bucket("lab")))), "x")


def parquet_of(table: pa.Table, head: str | bytes | None) -> bytes:
    sink = pa.BufferOutputStream()
    with parquet.ParquetWriter(sink, table.schema, store_schema=False) as writer:
        writer.write_table(table)
        if head is not None:
            writer.add_key_value_metadata({"firnline.summary": head})
    return bytes(sink.getvalue())
