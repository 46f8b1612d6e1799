"""Every file of an inventory is proved to be what S3 wrote, before a row of it is read."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest

from firnline.inventory.facts.fields import column_sql
from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.problems import (
    AlteredFile,
    MissingFile,
    NotAManifest,
    OtherFields,
    SameBucketTwice,
    StaleInventory,
    TruncatedFile,
    UnknownFields,
    UnreadableRows,
    UnusableInventory,
)
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.manifest import InventoryFormat
from firnline.s3.terms import AccessTier, ReplicationStatus
from tests.inventory.facts.written import CURRENT, MADE, changed, schema, write

FIELDS = (*CURRENT, "Size", "LastModifiedDate")
ROWS = [
    {"Key": f"logs/{number}", "Size": number, "LastModifiedDate": MADE - timedelta(days=number)}
    for number in range(100)
]
FORMATS = ["CSV", "Parquet", "ORC"]


@pytest.fixture(params=FORMATS)
def manifest(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return write(tmp_path, ROWS, FIELDS, request.param)


def _refused(manifest: Path, problem: type[UnusableInventory], **limits: Any) -> str:
    with pytest.raises(problem) as refused, open_inventory([OnDisk(manifest)], **limits):
        pass
    assert type(refused.value) is problem
    return str(refused.value)


def _data(manifest: Path) -> Path:
    return sorted((manifest.parent.parent / "data").iterdir())[1]


def test_an_inventory_says_when_it_was_made_and_what_it_knows(manifest: Path) -> None:
    with open_inventory([OnDisk(manifest)]) as facts:
        assert facts.as_of == MADE
        assert not facts.all_versions
        assert {Column.SIZE, Column.LAST_MODIFIED, Column.IS_LATEST} <= facts.known
        assert not {Column.STORAGE_CLASS, Column.VERSION_ID, Column.TAGS} & facts.known
        assert sum(len(batch) for batch in facts.batches(Column.KEY, rows=7)) == 100


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    said = _refused(tmp_path / "manifest.json", MissingFile)
    assert said == f"{tmp_path}/manifest.json cannot be read: No such file or directory"


def test_a_missing_checksum_is_named_for_without_it_the_inventory_may_be_unfinished(
    manifest: Path,
) -> None:
    manifest.with_name("manifest.checksum").unlink()
    said = _refused(manifest, MissingFile)
    assert said.startswith(f"{manifest} has no manifest.checksum beside it, which S3 writes last")


def test_a_manifest_is_not_read_that_differs_from_its_checksum_in_one_byte(manifest: Path) -> None:
    manifest.write_bytes(manifest.read_bytes().replace(b'"lab"', b'"lap"'))
    assert _refused(manifest, AlteredFile).startswith(
        f"{manifest} is not what S3 wrote, by the MD5"
    )


def test_a_missing_data_file_is_named(manifest: Path) -> None:
    data = _data(manifest)
    data.unlink()
    said = _refused(manifest, MissingFile)
    assert said.startswith(f"{manifest} names a data file that is not here, `inventories/lab/daily")
    assert data.name in said


def test_a_truncated_data_file_is_named_with_its_bytes(manifest: Path) -> None:
    data = _data(manifest)
    whole = data.read_bytes()
    data.write_bytes(whole[:-10])
    assert _refused(manifest, TruncatedFile) == (
        f"{data} has {len(whole) - 10:,} of the {len(whole):,} bytes that S3 wrote: objects are"
        " missing in it; download it again"
    )


def test_a_flipped_bit_in_any_byte_of_a_data_file_is_named(manifest: Path) -> None:
    data = _data(manifest)
    whole = data.read_bytes()
    for place in range(0, len(whole), 97):
        data.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        said = _refused(manifest, AlteredFile)
        assert said.startswith(f"{data} is not what S3 wrote, by its MD5 in {manifest}")


def test_a_data_file_that_grew_is_named(manifest: Path) -> None:
    data = _data(manifest)
    data.write_bytes(data.read_bytes() + gzip.compress(b"more"))
    assert _refused(manifest, AlteredFile).startswith(f"{data} ")


def test_an_inventory_before_the_limit_is_named(manifest: Path) -> None:
    limit = datetime(2026, 11, 29, 2, tzinfo=timezone(timedelta(hours=2)))
    said = _refused(manifest, StaleInventory, not_before=limit)
    assert said == (
        f"{manifest} is of 2026-11-28 01:00 UTC, before the limit of 2026-11-29 00:00: what was"
        " stored since is not in it"
    )
    with open_inventory([OnDisk(manifest)], not_before=MADE):
        pass


@pytest.mark.parametrize("form", FORMATS)
def test_a_field_that_is_not_known_is_named(form: str, tmp_path: Path) -> None:
    manifest = write(tmp_path, ROWS, (*FIELDS, "Mood", "ETag"), form)
    assert "has fields that this version does not know, `" in _refused(manifest, UnknownFields)
    assert "ood`: leave them out" in _refused(manifest, UnknownFields)


@pytest.mark.parametrize("form", ["Parquet", "ORC"])
def test_a_data_file_with_other_fields_than_its_manifest_says_is_named(
    form: str, tmp_path: Path
) -> None:
    manifest = write(tmp_path, ROWS, FIELDS, form)
    changed(manifest, lambda told: told.update(fileSchema=schema((*FIELDS, "ETag"), form)))
    assert "do not both have `e_tag`" in _refused(manifest, OtherFields)


def test_two_inventories_of_one_bucket_are_refused(manifest: Path) -> None:
    with pytest.raises(SameBucketTwice, match=r"is of bucket `lab`, as is .*would count twice"):
        open_inventory([OnDisk(manifest), OnDisk(manifest)])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told.pop("files"), "is no manifest of S3 Inventory"),
        (lambda told: told.pop("fileSchema"), "without `fileSchema` or `files`"),
        (lambda told: told.update(fileFormat="Avro"), "is none of CSV, Parquet, ORC"),
        (lambda told: told.pop("creationTimestamp"), "does not say when the inventory was made"),
        (lambda told: told.update(fileSchema="Bucket, Size"), "names no field `Key`"),
        (lambda told: told.update(fileSchema="Bucket, Key, Key"), "names a field twice"),
        (lambda told: told["files"].append(told["files"][0]), "names a data file twice"),
        (lambda told: told["files"][1].pop("MD5checksum"), "has no `size` or `MD5checksum` of `"),
        (lambda told: told["files"][1].pop("size"), "has no `size` or `MD5checksum` of `"),
    ],
)
def test_a_manifest_that_lacks_something_says_what(
    change: Callable[[dict[str, Any]], object], said: str, tmp_path: Path
) -> None:
    manifest = changed(write(tmp_path, ROWS, FIELDS), change)
    assert said in _refused(manifest, NotAManifest)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda told: told.update(fileFormat="\x1b[2J"), NotAManifest),
        (lambda told: told.update(fileSchema="Key, \x1b[2J"), UnknownFields),
        (lambda told: told["files"][1].update(key="data/\x1b[2J"), MissingFile),
    ],
)
def test_what_a_manifest_says_cannot_speak_to_the_terminal(
    change: Callable[[dict[str, Any]], object], problem: type[UnusableInventory], tmp_path: Path
) -> None:
    said = _refused(changed(write(tmp_path, ROWS, FIELDS), change), problem)
    assert "\\x1b[2J" in said
    assert "\x1b" not in said


def test_a_manifest_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    digest = hashlib.md5(b"{", usedforsecurity=False).hexdigest()
    (tmp_path / "manifest.checksum").write_text(digest)
    assert "manifest.json is not JSON: " in _refused(tmp_path / "manifest.json", NotAManifest)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Size", "12 KiB"),
        ("Size", "99999999999999999999"),
        ("LastModifiedDate", "yesterday"),
        ("ObjectLockLegalHoldStatus", "Perhaps"),
    ],
)
def test_a_value_that_cannot_be_read_names_its_file(field: str, value: str, tmp_path: Path) -> None:
    fields = (*FIELDS, "ObjectLockLegalHoldStatus")
    manifest = write(tmp_path, [*ROWS, {**ROWS[0], "Key": "odd", field: value}], fields, parts=3)
    columns = [Column.KEY, Column.SIZE, Column.LAST_MODIFIED, Column.LEGAL_HOLD]
    with (
        open_inventory([OnDisk(manifest)]) as facts,
        pytest.raises(UnreadableRows) as refused,
    ):
        list(facts.batches(*columns))
    [guilty] = [
        path
        for path in (tmp_path / "inventories" / "lab" / "daily" / "data").iterdir()
        if b'"odd"' in gzip.decompress(path.read_bytes())
    ]
    assert str(refused.value).startswith(f"{guilty} is what S3 wrote, but a value in it cannot")
    assert "take the inventory of another day" in str(refused.value)
    assert value in str(refused.value)


def test_a_value_of_an_upload_that_cannot_be_read_names_its_file(tmp_path: Path) -> None:
    upload = {"Key": "u", "Size": "12 KiB", "UploadId": "x"}
    manifest = write(tmp_path, [upload], (*FIELDS, "UploadId"))
    with open_inventory([OnDisk(manifest)]) as facts, pytest.raises(UnreadableRows) as refused:
        list(facts.uploads("select sum(size) as size from objects", [Column.SIZE]))
    assert "12 KiB" in str(refused.value)
    assert refused.value.file.endswith(".csv.gz")


def test_a_key_that_is_no_text_names_its_file(tmp_path: Path) -> None:
    manifest = write(tmp_path, [{**ROWS[0], "Key": "KEY"}], FIELDS, parts=1)
    (data,) = (manifest.parent.parent / "data").iterdir()
    content = gzip.compress(gzip.decompress(data.read_bytes()).replace(b"KEY", b"%FF"))
    data.write_bytes(content)
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    changed(manifest, lambda told: told["files"][0].update(size=len(content), MD5checksum=digest))
    with open_inventory([OnDisk(manifest)]) as facts, pytest.raises(UnreadableRows) as refused:
        list(facts.query("select first from objects", (), {"first": "left(key, 1)"}))
    assert refused.value.file == str(data)


def test_a_row_with_too_few_or_too_many_cells_names_its_file(tmp_path: Path) -> None:
    for fields in (FIELDS[:-1], (*FIELDS, "ETag")):
        folder = tmp_path / str(len(fields))
        manifest = write(folder, ROWS, FIELDS)
        other = {"fileSchema": schema(fields, "CSV")}
        changed(manifest, lambda told, other=other: told.update(other))  # type: ignore[misc]
        with (
            open_inventory([OnDisk(manifest)]) as facts,
            pytest.raises(UnreadableRows, match=f"{folder}.*is what S3 wrote"),
        ):
            list(facts.batches(Column.KEY))


@pytest.mark.parametrize("form", FORMATS)
def test_names_of_folders_are_no_patterns(form: str, tmp_path: Path) -> None:
    manifest = write(tmp_path / "it's [a*?] {b}", ROWS, FIELDS, form)
    with open_inventory([OnDisk(manifest)]) as facts:
        assert sum(len(batch) for batch in facts.batches(Column.KEY)) == 100


@pytest.mark.parametrize("place", ["data", ".", "lab/daily/data"])
def test_data_files_are_found_as_people_download_them(
    place: str, manifest: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "downloaded"
    (folder / place).mkdir(parents=True)
    for file in (manifest.parent.parent / "data").iterdir():
        file.rename(folder / place / file.name)
    for name in ("manifest.json", "manifest.checksum"):
        manifest.with_name(name).rename(folder / name)
    with open_inventory([OnDisk(folder / "manifest.json")]) as facts:
        assert sum(len(batch) for batch in facts.batches(Column.KEY)) == 100


def test_what_was_copied_and_spilled_is_gone_afterwards(manifest: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with open_inventory([OnDisk(manifest)], scratch=scratch) as facts:
        list(facts.batches(Column.KEY))
        assert list(scratch.iterdir())
    assert not list(scratch.iterdir())
    _data(manifest).unlink()
    _refused(manifest, MissingFile, scratch=scratch)
    assert not list(scratch.iterdir())


@pytest.mark.parametrize(
    ("column", "field"),
    [(Column.SIZE, "Size"), (Column.LAST_MODIFIED, "LastModifiedDate")],
)
@pytest.mark.parametrize("form", FORMATS)
def test_an_object_without_size_or_date_is_no_smaller_result(
    form: str, column: Column, field: str, tmp_path: Path
) -> None:
    whole = {"Key": "logs/1", "Size": 1, "LastModifiedDate": MADE}
    path = write(tmp_path, [whole, {**whole, "Key": "logs/2", field: None}], FIELDS, form)
    with (
        open_inventory([OnDisk(path)]) as facts,
        pytest.raises(UnreadableRows, match="a row has no"),
    ):
        list(facts.batches(column))


@pytest.mark.parametrize("form", FORMATS)
def test_an_object_of_a_negative_size_is_no_smaller_result(form: str, tmp_path: Path) -> None:
    whole = {"Key": "logs/1", "Size": 1, "LastModifiedDate": MADE}
    path = write(tmp_path, [whole, {**whole, "Key": "logs/2", "Size": -5}], FIELDS, form)
    with (
        open_inventory([OnDisk(path)]) as facts,
        pytest.raises(UnreadableRows, match=r"a row has a negative [Ss]ize, -5"),
    ):
        list(facts.batches(Column.SIZE))


TIER, REPLICATION = "IntelligentTieringAccessTier", "ReplicationStatus"
SPELT = [
    (Column.ACCESS_TIER, TIER, ["ARCHIVE_INSTANT_ACCESS", "Deep Archive", "frequent-access"]),
    (Column.REPLICATION_STATUS, REPLICATION, ["COMPLETED", "COMPLETE", "replica", "FAILED"]),
]


@pytest.mark.parametrize(("column", "field", "spelt"), SPELT)
@pytest.mark.parametrize("form", FORMATS)
def test_a_word_that_decides_what_rules_do_is_known_or_no_smaller_result(
    form: str, column: Column, field: str, spelt: list[str], tmp_path: Path
) -> None:
    fields = (*FIELDS, field)
    whole = {"Key": "logs/1", "Size": 1, "LastModifiedDate": MADE}
    rows = [{**whole, field: each} for each in (None, *spelt)]
    with open_inventory([OnDisk(write(tmp_path / "known", rows, fields, form))]) as facts:
        found = [each for batch in facts.batches(column) for each in batch.to_pydict()[column]]
    assert sorted(found, key=str) == sorted([None, *spelt], key=str)
    path = write(tmp_path / "not", [*rows, {**whole, field: "GLACIAL"}], fields, form)
    with (
        open_inventory([OnDisk(path)]) as facts,
        pytest.raises(UnreadableRows, match=r"a row has an unknown .*GLACIAL"),
    ):
        list(facts.batches(column))


def _is_read(of: Callable[[str], object], word: str) -> bool:
    try:
        of(word)
    except ValueError:
        return False
    return True


SPELLINGS = {
    f"{form(name.replace('_', between))}{end}"
    for name in (*AccessTier.__members__, *ReplicationStatus, "COMPLETE", "GLACIAL")
    for form in (str.upper, str.lower, str.title)
    for between in "_- "
    for end in ("", f"{between}access", f"{between}ACCESS", "access")
}


@pytest.mark.parametrize(
    ("column", "field", "of"),
    [
        (Column.ACCESS_TIER, TIER, AccessTier.of),
        (Column.REPLICATION_STATUS, REPLICATION, ReplicationStatus.of),
    ],
)
def test_facts_read_a_word_just_where_the_enum_does(
    column: Column, field: str, of: Callable[[str], object]
) -> None:
    value = column_sql(column, "lab", [field], InventoryFormat.CSV)
    with duckdb.connect() as engine:
        for word in sorted(SPELLINGS):
            query = f'select {value} from (select {quoted(word)} as "{field}")'
            try:
                read = engine.execute(query).fetchall() == [(word,)]
            except duckdb.Error:
                read = False
            assert read == _is_read(of, word), word
