"""The same bucket is read alike, whatever tool listed it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.inventory.listing import Listing, read_listing, read_tables, recognised
from firnline.inventory.manifest import Manifest, columns_of
from firnline.inventory.not_a_listing import NotAListing
from firnline.inventory.table import as_table
from firnline.s3.simulate.stored import ItemKind, StoredItem
from tests.inventory.forms import (
    CURRENT,
    INVENTORY,
    Version,
    as_yaml,
    by_aws,
    by_aws_objects,
    by_inventory,
    by_mc,
    by_rclone,
    manifest,
)

NOW = datetime(2026, 11, 28, tzinfo=UTC)
KEYS = ["a", "logs/a b.gz", "logs/c+d%20.gz", "raw/dt=2026-08-01/päron.parquet", 'q,"uote', "null"]


def listing_of(content: bytes | str, schema: str | None = None) -> Listing:
    content = content if isinstance(content, bytes) else content.encode()
    found = recognised(content, schema and columns_of(schema))
    assert not isinstance(found, Manifest)
    return read_listing(found, "x")


def stored(content: bytes | str, schema: str | None = None) -> list[StoredItem]:
    """In an order that no tool decides."""
    listing = listing_of(content, schema)
    assert listing.problems == ()
    return sorted(listing.items, key=lambda item: (item.key, item.created))


@st.composite
def versioned_buckets(draw: st.DrawFn) -> list[Version]:
    """As a bucket lists its versions, the newest of each key first, a second or more apart."""
    found = []
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True)):
        ages = draw(st.lists(st.integers(1, 10**7), min_size=1, max_size=4, unique=True))
        for place, age in enumerate(sorted(ages)):
            found.append(
                Version(
                    key,
                    "null" if age == max(ages) and draw(st.booleans()) else f"v{age}",
                    NOW - timedelta(seconds=age),
                    draw(st.none() | st.integers(0, 2**40)),
                    draw(st.sampled_from(["STANDARD", "GLACIER_IR"])),
                    latest=place == 0,
                )
            )
    return found


@given(versioned_buckets())
def test_versions_are_the_same_in_every_form(bucket: list[Version]) -> None:
    expected = stored(json.dumps(by_aws(bucket)))
    assert len(expected) == len(bucket)
    assert stored(as_yaml(by_aws(bucket))) == expected
    assert stored(as_yaml([by_aws(bucket)])) == expected
    assert stored(by_inventory(bucket), INVENTORY) == expected
    assert stored(by_mc(bucket)) == expected


@given(versioned_buckets())
def test_current_objects_are_the_same_in_every_form(bucket: list[Version]) -> None:
    expected = stored(json.dumps(by_aws_objects(bucket)))
    assert [item.size for item in expected] == [
        each.size
        for each in sorted(bucket, key=lambda each: each.key)
        if each.latest and each.size is not None
    ]
    assert stored(as_yaml(by_aws_objects(bucket))) == expected
    assert stored(json.dumps(by_aws_objects(bucket).get("Contents"))) == expected
    assert stored(by_inventory(bucket, CURRENT), CURRENT) == expected
    if any("/" in item.key for item in expected) or expected == []:
        assert stored(by_rclone(bucket)) == expected


def test_what_a_bucket_of_versions_looks_like() -> None:
    bucket = [
        Version("a b", "v2", NOW - timedelta(days=1), None),
        Version("a b", "null", NOW - timedelta(days=9), 7, "GLACIER_IR", latest=False),
    ]
    old, marker = stored(by_inventory(bucket), INVENTORY)
    assert (old.key, old.size, old.storage_class) == ("a b", 7, "GLACIER_IR")
    assert (old.current, old.null_version) == (False, True)
    assert old.noncurrent_since == NOW - timedelta(days=1)
    assert (marker.kind, marker.current, marker.hidden) == (ItemKind.DELETE_MARKER, True, 1)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "{}",
        "[]",
        "[\n]\n",
        "null\n",
        "null\n...\n",
        '{"RequestCharged": null}',
        '{"RequestCharged": null, "Prefix": ""}',
        '{"Name": "lab", "KeyCount": 0, "IsTruncated": false, "MaxKeys": 1000, "Prefix": ""}',
        '{"Bucket": "lab", "IsTruncated": false, "Uploads": []}',
        "RequestCharged: null\n",
        "Contents: []\n",
        "Key,Size,LastModified\n",
        pytest.param(
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00",
            id="gzip of nothing",
        ),
    ],
)
def test_an_empty_bucket_is_a_listing_of_nothing(content: bytes | str) -> None:
    listing = listing_of(content)
    assert (listing.items, listing.problems) == ((), ())
    (note,) = listing.notes
    assert "empty: nothing is stored, or the command that made it has failed" in note


def test_an_inventory_of_an_empty_bucket_is_a_listing_of_nothing() -> None:
    found = recognised(manifest().encode())
    assert isinstance(found, Manifest)
    assert found.files == ()
    assert read_tables([]).items == ()
    assert read_tables([("x", as_table("", found.schema))]).items == ()


def test_uploads_are_read_in_each_form_of_the_aws_cli() -> None:
    uploads = [{"Key": "a", "UploadId": "u", "Initiated": NOW.isoformat(), "Owner": {"ID": "x"}}]
    expected = [StoredItem("a", NOW, kind=ItemKind.MULTIPART_UPLOAD)]
    for document in ({"Uploads": uploads}, uploads):
        assert stored(json.dumps(document)) == expected
        assert stored(as_yaml(document)) == expected


def test_documents_may_follow_each_other() -> None:
    """As `aws … >> listing.json` and `jq '.Contents[]'` make them."""
    rows = [
        {"Key": key, "Size": 1, "LastModified": "2026-05-01T12:00:00Z", "IsLatest": True}
        for key in "abc"
    ]
    pages = json.dumps({"Versions": rows[:1]}, indent=1) + json.dumps({"Versions": rows[1:]})
    assert [item.key for item in stored(pages)] == ["a", "b", "c"]
    assert [item.key for item in stored("\n".join(map(json.dumps, rows)))] == ["a", "b", "c"]
    assert [item.key for item in stored(json.dumps([{"Versions": rows}]))] == ["a", "b", "c"]


def test_a_bad_row_of_each_form_is_told_with_its_line() -> None:
    good = {"key": "a", "size": 1, "lastModified": "2026-05-01T12:00:00Z", "status": "success"}
    bad = {"status": "error", "error": {"message": "Unable to list", "type": "error"}}
    folder = good | {"type": "folder", "key": "logs/"}
    mc = "\n".join(json.dumps(row) for row in (good, bad, folder))
    assert listing_of(mc).problems == (
        "x:2: `mc` reports an error: Unable to list",
        "x:3: a folder: list with `mc ls --recursive --json`",
    )
    pages = json.dumps({"Versions": []}, indent=1) + '\n{"Versions": [\n{"Key": "a"}]}'
    assert [line.split(":")[1] for line in listing_of(pages).problems] == ["5"]
    assert listing_of("Contents:\n- Key: a\n").problems == ("x: Contents[0]: lacks `LastModified`",)


def test_keys_of_an_inventory_under_a_header_are_decoded_and_that_is_told() -> None:
    header = "Bucket,Key,Size,LastModifiedDate\n"
    row = "lab,%s,5,2026-05-01T12:00:00Z\n"
    listing = listing_of(header + row % "dt%3D1/a+b" + row % "plain")
    assert [item.key for item in listing.items] == ["dt=1/a b", "plain"]
    assert "its keys are URL-encoded" in listing.notes[0]


@pytest.mark.parametrize(
    ("header", "keys"),
    [
        ("Bucket,Key,Size,LastModifiedDate", ["100%", "a%20b"]),  # a percent sign that is none
        ("Bucket,Key,Size,LastModifiedDate", ["a b", "a%20b"]),
        ("Bucket,Key,Size,LastModifiedDate", ["a+b"]),
        ("Bucket,Key,Size,LastModified", ["a%20b"]),  # no name of S3 Inventory's
    ],
)
def test_keys_that_are_not_encoded_stay_as_they_are(header: str, keys: list[str]) -> None:
    rows = "".join(f"\nlab,{key},5,2026-05-01T12:00:00Z" for key in keys)
    listing = listing_of(header + rows)
    assert ([item.key for item in listing.items], listing.notes) == (keys, ())


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"Contents": [], "NextToken": "x"}, "goes on"),
        ({"Contents": [], "IsTruncated": True}, "goes on"),
    ],
)
def test_a_listing_that_is_cut_off_is_told(document: dict[str, object], told: str) -> None:
    row = {"Key": "a", "Size": 1, "LastModified": "2026-05-01T12:00:00Z"}
    whole = document | {"Contents": [row]}
    for content in (json.dumps(whole), as_yaml(whole)):
        assert told in listing_of(content).notes[0]
    assert listing_of(json.dumps({"Contents": [row], "IsTruncated": False})).notes == ()


def test_dates_of_rclone_are_told_to_be_those_of_files() -> None:
    bucket = [Version("a/b", "v", NOW, 1)]
    assert "--use-server-modtime" in listing_of(by_rclone(bucket)).notes[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[{"Path": "logs", "ModTime": "x", "IsDir": true}]', "list with `rclone lsjson -R`"),
        ('{"CommonPrefixes": [{"Prefix": "logs/"}]}', "list without a delimiter"),
        ("2026-09-01 10:00:00    1048576 logs/a b.gz\n", "is of `aws s3 ls`"),
        ("                           PRE logs/\n", "is of `aws s3 ls`"),
        ('"lab","a","5"\n', "has no header with a column `Key`: give the manifest.json"),
        ('{"Rules": []}', "has none of `Contents`"),
        ("some text\n", "is no listing; what is read: JSON or YAML of `aws s3api"),
        (b"ORC\x11", "is ORC, which is not read yet"),
        (b"\xff\xfeK\0", "save it as UTF-8"),
        (b"\x1f\x8b\x08", "is cut off or damaged"),
        ("Contents: [\n", "is neither JSON nor YAML"),
        ("Contents: &a [*a]\n", "anchors"),
        ("Contents: " + "[" * 1_000, "too deep"),
        (manifest(form="Parquet"), "is the manifest of an inventory in Parquet"),
        ('{"sourceBucket": "b", "files": [], "fileFormat": "CSV"}', "without `fileSchema`"),
    ],
)
def test_a_form_that_is_not_read_is_told_with_what_to_do(content: bytes | str, told: str) -> None:
    with pytest.raises(NotAListing) as refused:
        listing_of(content)
    assert told in str(refused.value)
