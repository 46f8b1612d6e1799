"""The same bucket, as each tool lists it."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any
from urllib.parse import quote_plus

import yaml

INVENTORY = (
    "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag, StorageClass,"
    " IsMultipartUploaded, ReplicationStatus, EncryptionStatus"
)
CURRENT = "Bucket, Key, Size, LastModifiedDate, StorageClass"


@dataclass(frozen=True, slots=True)
class Version:
    """One of a key; `size` is None for a delete marker, `id` `null` for a null version."""

    key: str
    id: str
    created: datetime
    size: int | None
    storage_class: str = "STANDARD"
    latest: bool = True


def by_aws(versions: Sequence[Version]) -> dict[str, Any]:
    """As `aws s3api list-object-versions` prints it."""
    rows = [_aws(each) for each in versions]
    listed = {
        "Versions": [row for row in rows if "Size" in row],
        "DeleteMarkers": [row for row in rows if "Size" not in row],
    }
    return {**{name: found for name, found in listed.items() if found}, "RequestCharged": None}


def by_aws_objects(versions: Sequence[Version]) -> dict[str, Any]:
    """As `aws s3api list-objects-v2` prints it."""
    rows = [_aws(each) for each in versions if each.latest and each.size is not None]
    found = [{name: row[name] for name in row if name not in _OF_VERSIONS} for row in rows]
    return {**({"Contents": found} if found else {}), "RequestCharged": None}


def as_yaml(document: object) -> str:
    return yaml.safe_dump(document)


def by_inventory(versions: Sequence[Version], schema: str = INVENTORY) -> bytes:
    """A data file of S3 Inventory: no header, every cell in quotes, keys URL-encoded."""
    stream = StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    columns = schema.split(", ")
    for each in versions:
        if schema == CURRENT and not (each.latest and each.size is not None):
            continue
        cells = _inventory(each)
        writer.writerow([cells.get(column, "") for column in columns])
    return gzip.compress(stream.getvalue().encode())


def manifest(*files: tuple[str, bytes], schema: str = INVENTORY, form: str = "CSV") -> str:
    """`files` with their keys in the destination bucket."""
    return json.dumps(
        {
            "sourceBucket": "lab-data",
            "destinationBucket": "arn:aws:s3:::lab-inventories",
            "version": "2016-11-30",
            "creationTimestamp": "1795910400000",
            "fileFormat": form,
            "fileSchema": schema,
            "files": [
                {
                    "key": key,
                    "size": len(content),
                    "MD5checksum": hashlib.md5(content, usedforsecurity=False).hexdigest(),
                }
                for key, content in files
            ],
        }
    )


def by_mc(versions: Sequence[Version]) -> str:
    """As `mc ls --recursive --versions --json` prints it: the newest of a key first, numbered."""
    lines = []
    for of_key in _by_key(versions):
        for ordinal, each in zip(range(len(of_key), 0, -1), of_key, strict=True):
            row = {
                "status": "success",
                "type": "file",
                "lastModified": each.created.isoformat().replace("+00:00", "Z"),
                "size": each.size or 0,
                "key": each.key,
                "etag": "x",
                "url": "http://127.0.0.1:9000/lab-data/",
                "versionId": each.id,
                "versionOrdinal": ordinal,
                **({"storageClass": each.storage_class} if each.size is not None else {}),
                **({} if each.size is not None else {"isDeleteMarker": True}),
            }
            lines.append(json.dumps(row))
    return "".join(f"{line}\n" for line in lines)


def by_rclone(versions: Sequence[Version]) -> str:
    """As `rclone lsjson -R` prints it, with a row for each folder."""
    rows: list[dict[str, Any]] = []
    for each in versions:
        if not each.latest or each.size is None:
            continue
        folder, _, name = each.key.rpartition("/")
        if folder and folder not in [row["Path"] for row in rows]:
            rows.append({**_rclone(folder), "Size": -1, "IsDir": True})
        modified = f"{each.created:%Y-%m-%dT%H:%M:%S}.000000000Z"
        row = {**_rclone(each.key), "Size": each.size, "ModTime": modified, "IsDir": False}
        rows.append(row | {"Name": name, "Tier": each.storage_class})
    return json.dumps(rows)


_OF_VERSIONS = ("VersionId", "IsLatest")


def _aws(each: Version) -> dict[str, Any]:
    row: dict[str, Any] = {
        "Key": each.key,
        "VersionId": each.id,
        "IsLatest": each.latest,
        "LastModified": each.created.isoformat(),
    }
    if each.size is not None:
        row |= {"ETag": '"x"', "Size": each.size, "StorageClass": each.storage_class}
    return row


def _inventory(each: Version) -> dict[str, str]:
    return {
        "Bucket": "lab-data",
        "Key": quote_plus(each.key, safe="/"),
        "VersionId": "" if each.id == "null" else each.id,
        "IsLatest": str(each.latest).lower(),
        "IsDeleteMarker": str(each.size is None).lower(),
        "Size": "" if each.size is None else str(each.size),
        "LastModifiedDate": f"{each.created:%Y-%m-%dT%H:%M:%S}.000Z",
        "StorageClass": "" if each.size is None else each.storage_class,
        "IsMultipartUploaded": "" if each.size is None else "true",
        "EncryptionStatus": "SSE-S3",
    }


def _by_key(versions: Sequence[Version]) -> Iterator[list[Version]]:
    for key in dict.fromkeys(each.key for each in versions):
        of_key = [each for each in versions if each.key == key]
        yield sorted(of_key, key=lambda each: each.created, reverse=True)


def _rclone(path: str) -> dict[str, Any]:
    return {"Path": path, "Name": path, "ModTime": "2000-01-01T00:00:00Z", "MimeType": "text/plain"}
