"""Listings as AWS prints them, and what is said of bad ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from firnline.inventory.listing import Listing, read_listing, recognised
from firnline.inventory.manifest import Manifest
from firnline.inventory.not_a_listing import NotAListing
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import ReplicationStatus


def listing_of(content: bytes | str) -> Listing:
    found = recognised(content if isinstance(content, bytes) else content.encode())
    assert not isinstance(found, Manifest)
    return read_listing(found, "x")


def items(content: bytes | str) -> tuple[StoredItem, ...]:
    listing = listing_of(content)
    assert listing.problems == ()
    return listing.items


def day(number: int) -> datetime:
    return datetime(2026, 5, number, 12, tzinfo=UTC)


def test_objects_as_the_aws_cli_lists_them() -> None:
    contents = [
        {"Key": "a", "Size": 5, "LastModified": "2026-05-01T12:00:00+00:00", "ETag": '"x"'},
        {
            "Key": "b",
            "Size": 0,
            "LastModified": "2026-05-02T12:00:00.000Z",
            "StorageClass": "GLACIER_IR",
        },
    ]
    assert items(json.dumps({"Contents": contents})) == (
        StoredItem("a", day(1), 5),
        StoredItem("b", day(2), 0, "GLACIER_IR"),
    )


def test_versions_are_old_since_the_next_one_was_made() -> None:
    def version(number: int, latest: bool) -> dict[str, object]:
        made = day(number).isoformat()
        return {"Key": "a", "Size": number, "LastModified": made, "IsLatest": latest}

    marker = {"Key": "a", "LastModified": day(9).isoformat(), "IsLatest": True}
    versions = [version(1, False), version(3, False), version(2, False)]
    first, third, second, put = items(json.dumps({"Versions": versions, "DeleteMarkers": [marker]}))
    assert (first.noncurrent_since, first.newer_noncurrent) == (day(2), 2)
    assert (second.noncurrent_since, second.newer_noncurrent) == (day(3), 1)
    assert (third.noncurrent_since, third.newer_noncurrent) == (day(9), 0)
    assert (put.kind, put.current, put.hidden) == (ItemKind.DELETE_MARKER, True, 3)


def test_an_empty_version_id_in_an_inventory_is_that_of_the_null_version() -> None:
    rows = ["a,,5,2026-05-01T12:00:00Z,true,false", "b,v1,,2026-05-01T12:00:00Z,true,true"]
    header = "Key,VersionId,Size,LastModifiedDate,IsLatest,IsDeleteMarker"
    assert [each.null_version for each in items("\n".join([header, *rows]))] == [True, False]
    listed = {"Key": "a", "LastModified": "2026-05-01T12:00:00Z", "IsLatest": True}
    (marker,) = items(json.dumps({"DeleteMarkers": [{**listed, "VersionId": "null"}]}))
    assert marker.null_version


def test_uploads_as_the_aws_cli_lists_them() -> None:
    uploads = [{"Key": "a", "UploadId": "u", "Initiated": "2026-05-01T12:00:00Z"}]
    assert items(json.dumps({"Uploads": uploads})) == (
        StoredItem("a", day(1), kind=ItemKind.MULTIPART_UPLOAD),
    )


def test_a_table_with_the_columns_of_an_inventory() -> None:
    text = (
        "Bucket,Key,VersionId,IsLatest,IsDeleteMarker,Size,LastModifiedDate,StorageClass,"
        "ReplicationStatus,ObjectLockRetainUntilDate,ObjectLockLegalHoldStatus,Tags\n"
        'b,"a,1",v,true,false,7,2026-05-01T12:00:00Z,STANDARD,PENDING,2027-01-01T00:00:00Z,On,'
        '"team=x&state="\n'
        "b,m,v,true,true,,2026-05-01T12:00:00Z,,,,,\n"
    )
    assert items(text) == (
        StoredItem(
            "a,1",
            day(1),
            7,
            tags=(("state", ""), ("team", "x")),
            retain_until=datetime(2027, 1, 1, tzinfo=UTC),
            legal_hold=True,
            replication=ReplicationStatus.PENDING,
        ),
        StoredItem("m", day(1), kind=ItemKind.DELETE_MARKER),
    )


def test_objects_as_conformance_cases_write_them() -> None:
    said = {"key": "a", "size": 1, "tags": {"t": "v"}, "created": "2026-05-01T12:00:00Z"}
    old = said | {"noncurrent_since": "2026-05-02T12:00:00Z", "newer_noncurrent_versions": 4}
    now, before = items(json.dumps([said, {**old, "is_latest": False}]))
    assert now == StoredItem("a", day(1), 1, tags=(("t", "v"),))
    assert (before.noncurrent_since, before.newer_noncurrent) == (day(2), 4)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",5,2026-05-01", "x:2: lacks `Key`"),
        ("a,5,", "x:2: lacks `LastModified`"),
        ("a,,2026-05-01", "x:2: lacks `Size`"),
        ("a,-5,2026-05-01", "x:2: `size` is '-5', no whole number"),
        ("a,5,yesterday", "x:2: `lastmodified` is no date: 'yesterday'"),
        ("a,5,9999-12-31", "x:2: `lastmodified` is a date too far away"),
        ("a,5,2026-05-01,more", "x:2: 4 cells in 3 columns"),
    ],
)
def test_a_bad_row_is_told_with_its_line(row: str, told: str) -> None:
    content = f"Key,Size,LastModified\n{row}\nfine,1,2026-05-01\n"
    listing = listing_of(content)
    assert [line[: len(told)] for line in listing.problems] == [told]
    assert [item.key for item in listing.items] == ["fine"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"Contents": [{"Key": 1}]}, "x:1: Contents[0]: lacks `Key`"),
        ({"Contents": ["a"]}, "x:1: Contents[0]: no object"),
        (
            [{"Key": "a", "Size": 1, "LastModified": "2026-05-01", "IsLatest": "maybe"}],
            "x:1: objects[0]: `islatest` is 'maybe', neither true nor false",
        ),
        (
            [{"Key": "a", "Size": 1, "LastModified": "2026-05-01", "Tags": [1]}],
            "x:1: objects[0]: `tags` is no tags: '[1]'",
        ),
        (
            [
                {
                    "Key": "a",
                    "Size": 1,
                    "LastModified": "2026-05-01",
                    "ReplicationStatus": "WAITING",
                }
            ],
            "x:1: objects[0]: `replicationstatus`: 'WAITING' is none of PENDING, FAILED,"
            " COMPLETED, REPLICA",
        ),
        (
            [
                {
                    "Key": "a",
                    "Size": 1,
                    "LastModified": "2026-05-01",
                    "IntelligentTieringAccessTier": "COLD",
                }
            ],
            "x:1: objects[0]: `intelligenttieringaccesstier`: 'COLD' is none of FREQUENT,"
            " INFREQUENT, ARCHIVE_INSTANT_ACCESS, ARCHIVE_ACCESS, DEEP_ARCHIVE_ACCESS",
        ),
        (
            {
                "Versions": [
                    {"Key": "a", "Size": 1, "LastModified": "2026-05-01", "IsLatest": False}
                ]
            },
            "x:1: Versions[0]: lacks `NoncurrentSince`, and no newer version of its key is listed",
        ),
    ],
)
def test_a_bad_object_is_told_with_its_place(rows: object, told: str) -> None:
    listing = listing_of(json.dumps(rows))
    assert (listing.items, listing.problems) == ((), (told,))


def test_the_line_of_a_bad_object_is_told() -> None:
    good = {"Key": 'a "Versions": [', "Size": 1, "LastModified": "2026-05-01", "IsLatest": True}
    bad = good | {"Size": -1}
    marker = {"Key": "m", "IsLatest": True}
    document = {"Name": '"Versions": [', "Versions": [good, bad, good, bad]}
    text = json.dumps({**document, "DeleteMarkers": [marker]}, indent=1)
    lines = text.splitlines()
    problems = listing_of(text).problems
    told = [int(problem.split(":")[1]) for problem in problems]
    assert [problem.split(": ")[1] for problem in problems] == [
        "Versions[1]",
        "Versions[3]",
        "DeleteMarkers[0]",
    ]
    assert [lines[line - 1].strip() for line in told] == ["{", "{", "{"]
    assert [
        lines[line + shift].strip(" ,") for line, shift in zip(told, (1, 1, 0), strict=True)
    ] == [
        '"Size": -1',
        '"Size": -1',
        '"Key": "m"',
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"bucket,name\n", "has no header with a column `Key`"),
        (b'{"Contents": [}', "is not JSON: line 1"),
        (b'{"Key-Count": 0}', "has none of `Contents`"),
        (b"[" * 100_000, "is nested too deeply"),
        (b"Key\n\xff", "is not UTF-8 in line 2"),
        (b"PAR1\0\0", "is Parquet"),
    ],
)
def test_what_is_no_listing_is_told(content: bytes, told: str) -> None:
    with pytest.raises(NotAListing, match=told.replace("[", r"\[")):
        listing_of(content)
