from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from firnline.cli.listing_file import read_listing_file
from firnline.inventory.manifest import DataFile, InventoryFormat, read_manifest
from firnline.inventory.writer.columns import columns_of
from firnline.inventory.writer.csv_file import CsvFile
from firnline.inventory.writer.manifest_json import checksum, manifest_json, md5
from firnline.inventory.writer.places import Places
from firnline.inventory.writer.row import OF_CURRENT_OBJECTS
from firnline.s3.simulate.stored import ItemKind
from tests.inventory.writer.rows import ALL_FIELDS, MADE, UPLOAD, VERSION

FILE = DataFile("acme/daily/data/1.csv.gz", "d41d8cd98f00b204e9800998ecf8427e", 20)


def written(form: InventoryFormat = InventoryFormat.CSV) -> bytes:
    return manifest_json(
        source="acme",
        destination="acme-inventory",
        made=MADE,
        form=form,
        fields=OF_CURRENT_OBJECTS,
        files=[FILE],
    )


def test_a_manifest_is_what_s3_would_write() -> None:
    assert json.loads(written()) == {
        "sourceBucket": "acme",
        "destinationBucket": "arn:aws:s3:::acme-inventory",
        "version": "2016-11-30",
        "creationTimestamp": "1795829415250",
        "fileFormat": "CSV",
        "fileSchema": "Bucket, Key, Size, LastModifiedDate, ETag, StorageClass",
        "files": [
            {
                "key": "acme/daily/data/1.csv.gz",
                "size": 20,
                "MD5checksum": "d41d8cd98f00b204e9800998ecf8427e",
            }
        ],
    }


def test_the_schemas_of_parquet_and_orc_are_spelt_as_s3_spells_them() -> None:
    assert json.loads(written(InventoryFormat.PARQUET))["fileSchema"] == (
        "message s3.inventory {  required binary bucket (UTF8);  required binary key (UTF8);"
        "  optional int64 size;  optional int64 last_modified_date (TIMESTAMP_MILLIS);"
        "  optional binary e_tag (UTF8);  optional binary storage_class (UTF8);}"
    )
    assert json.loads(written(InventoryFormat.ORC))["fileSchema"] == (
        "struct<bucket:string,key:string,size:bigint,last_modified_date:timestamp,"
        "e_tag:string,storage_class:string>"
    )


@pytest.mark.parametrize("form", InventoryFormat)
def test_the_reader_of_manifests_reads_it(form: InventoryFormat) -> None:
    found = read_manifest(json.loads(written(form)))
    columns = columns_of(OF_CURRENT_OBJECTS, "acme")
    names = [str(each.field) if form is InventoryFormat.CSV else each.name for each in columns]
    assert list(found.schema) == names
    assert (found.bucket, found.made, found.files) == ("acme", MADE, (FILE,))


def test_the_checksum_is_the_manifests_md5() -> None:
    digest = hashlib.md5(written(), usedforsecurity=False).hexdigest()
    assert checksum(written()) == f"{digest}\n".encode()


def test_files_are_where_s3_puts_them() -> None:
    places = Places("acme", "daily", "reports/")
    assert places.data("1.csv.gz") == "reports/acme/daily/data/1.csv.gz"
    assert places.manifest(MADE) == "reports/acme/daily/2026-11-28T01-30Z/manifest.json"
    assert places.checksum(MADE) == "reports/acme/daily/2026-11-28T01-30Z/manifest.checksum"


def test_what_is_written_is_read_as_what_it_was(tmp_path: Path) -> None:
    file = CsvFile(ALL_FIELDS, "acme")
    file.add([VERSION, UPLOAD])
    content, places = file.finished(), Places("acme", "daily")
    manifest = tmp_path / places.manifest(MADE)
    data = DataFile(places.data("1.csv.gz"), md5(content), len(content))
    manifest.parent.mkdir(parents=True)
    (tmp_path / data.key).parent.mkdir()
    (tmp_path / data.key).write_bytes(content)
    manifest.write_bytes(
        manifest_json(
            source="acme",
            destination="acme-inventory",
            made=MADE,
            form=InventoryFormat.CSV,
            fields=ALL_FIELDS,
            files=[data],
        )
    )
    listing = read_listing_file(str(manifest), None)
    assert listing.problems == ()
    version, upload = listing.items
    assert (version.key, version.size, version.created) == (
        VERSION.key,
        VERSION.size,
        VERSION.last_modified,
    )
    assert version.storage_class == "GLACIER_IR"
    assert version.tags == tuple(sorted(VERSION.tags))
    assert upload.kind is ItemKind.MULTIPART_UPLOAD
