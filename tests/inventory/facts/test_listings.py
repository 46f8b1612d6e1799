"""What `firnline inventory list` writes besides what S3 Inventory has: tags, and uploads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firnline.inventory.facts.alike import uploads_in
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.forecast.cuts import cuts
from firnline.inventory.manifest import DataFile, InventoryFormat
from firnline.inventory.writer.data_files import new_data_file
from firnline.inventory.writer.manifest_json import checksum, manifest_json, md5
from firnline.inventory.writer.places import Places
from firnline.inventory.writer.row import OF_ALL_VERSIONS, OF_CURRENT_OBJECTS, Field, InventoryRow
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.simulate.stored import ItemKind
from firnline.s3.terms import Days

MADE = datetime(2026, 11, 28, 1, tzinfo=UTC)
WRITTEN = datetime(2026, 11, 21, 11, 15, 5, tzinfo=UTC)
MORE = (Field.OBJECT_TAGS, Field.UPLOAD_ID)
TAGGED = InventoryRow(
    "a b+%/ü", WRITTEN, 5, "v1", True, False, tags=(("team", "r&d = x+y"), ("of", ""))
)
PLAIN = InventoryRow("c", WRITTEN, 7, "v2", True, False)
MARKER = InventoryRow("d", WRITTEN, None, "v3", True, True)
UPLOAD = InventoryRow("half", WRITTEN, 100, upload_id="VXBsb2Fk")


def written(
    folder: Path, form: InventoryFormat, fields: tuple[Field, ...], *rows: InventoryRow
) -> Path:
    file, places = new_data_file(form, fields, "acme"), Places("acme", "daily")
    file.add(rows)
    content = file.finished()
    data = DataFile(places.data(f"1.{file.suffix}"), md5(content), len(content))
    manifest = manifest_json(
        source="acme", destination="acme", made=MADE, form=form, fields=fields, files=[data]
    )
    for key, bytes in (
        (data.key, content),
        (places.manifest(MADE), manifest),
        (places.checksum(MADE), checksum(manifest)),
    ):
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(bytes)
    return folder / places.manifest(MADE)


@pytest.mark.parametrize("form", InventoryFormat)
def test_tags_are_those_that_were_listed(tmp_path: Path, form: InventoryFormat) -> None:
    fields = (*OF_ALL_VERSIONS, *MORE)
    manifest = written(tmp_path, form, fields, TAGGED, PLAIN, MARKER, UPLOAD)
    with open_inventory([OnDisk(manifest)]) as facts:
        assert Column.TAGS in facts.known
        rows = [
            row
            for batch in facts.batches(Column.KEY, Column.TAGS, Column.SIZE)
            for row in batch.to_pylist()
        ]
    assert {row["key"]: dict(row["tags"]) for row in rows} == {
        TAGGED.key: dict(TAGGED.tags),
        "c": {},
        "d": {},
    }


@pytest.mark.parametrize("form", InventoryFormat)
@pytest.mark.parametrize("fields", [OF_ALL_VERSIONS, OF_CURRENT_OBJECTS])
def test_uploads_are_no_objects(
    tmp_path: Path, form: InventoryFormat, fields: tuple[Field, ...]
) -> None:
    manifest = written(tmp_path, form, (*fields, *MORE), TAGGED, PLAIN, UPLOAD)
    with open_inventory([OnDisk(manifest)]) as facts:
        columns = (Column.SIZE, Column.NONCURRENT_VERSIONS, Column.IS_LATEST)
        sql = "select count(*)::bigint as n, sum(size)::bigint as bytes from objects"
        (batch,) = facts.query(sql, columns)
    assert batch.to_pylist() == [{"n": 2, "bytes": 12}]


@pytest.mark.parametrize("form", InventoryFormat)
def test_what_the_writer_writes_is_what_the_reader_reads(
    tmp_path: Path, form: InventoryFormat
) -> None:
    manifest = written(tmp_path, form, OF_ALL_VERSIONS, TAGGED, MARKER)
    with open_inventory([OnDisk(manifest)]) as facts:
        columns = (Column.KEY, Column.VERSION_ID, Column.IS_DELETE_MARKER, Column.LAST_MODIFIED)
        rows = [row for batch in facts.batches(*columns) for row in batch.to_pylist()]
    assert {tuple(row.values()) for row in rows} == {
        (TAGGED.key, "v1", False, WRITTEN),
        ("d", "v3", True, WRITTEN),
    }
    assert Column.TAGS not in facts.known


@pytest.mark.parametrize("form", InventoryFormat)
@pytest.mark.parametrize("fields", [OF_ALL_VERSIONS, OF_CURRENT_OBJECTS])
def test_uploads_are_grouped_by_prefix_and_day_with_the_bytes_of_their_parts(
    tmp_path: Path, form: InventoryFormat, fields: tuple[Field, ...]
) -> None:
    uploads = [
        InventoryRow("in/a", WRITTEN, 100, upload_id="1"),
        InventoryRow("in/b", WRITTEN, 1 << 40, upload_id="2"),
        InventoryRow("other", WRITTEN, 7, upload_id="3"),
        InventoryRow("in/late", MADE, 7, upload_id="4"),
    ]
    manifest = written(tmp_path, form, (*fields, *MORE), TAGGED, PLAIN, *uploads)
    rule = Rule("in", Filter(prefix="in/"), aborts_uploads_after=Days(7))
    with open_inventory([OnDisk(manifest)]) as facts:
        assert facts.lists_uploads
        found = cuts([RuleSet((rule,))], is_suspended=False)
        groups = list(uploads_in(facts, found, MADE - timedelta(days=1)))
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    amounts = {(each.example.key, each.volume[:2]) for (each,) in groups}
    assert amounts == {("in/", (2, (1 << 40) + 100)), ("in0", (1, 7))}
    assert {each.example.created for (each,) in groups} == {midnight}
    assert {each.example.kind for (each,) in groups} == {ItemKind.MULTIPART_UPLOAD}


def test_an_inventory_of_s3_has_no_uploads(tmp_path: Path) -> None:
    manifest = written(tmp_path, InventoryFormat.CSV, OF_ALL_VERSIONS, TAGGED)
    with open_inventory([OnDisk(manifest)]) as facts:
        assert not facts.lists_uploads
        assert list(uploads_in(facts, cuts([], is_suspended=False), MADE)) == []
