"""A reader of inventories that holds every row and compares each with each: what to expect.

It shares no code with the reader that it judges.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pyarrow.orc
import pyarrow.parquet

Row = dict[str, Any]


def read(manifest: Path) -> list[Row]:
    """By the names of the table's columns; what is not known is None."""
    told = json.loads(manifest.read_text())
    found = [
        row
        for file in told["files"]
        for row in _rows(manifest.parents[4] / file["key"], told["fileFormat"], told["fileSchema"])
    ]
    all_versions = "islatest" in told["fileSchema"].lower().replace("_", "")
    rows = [_row(told["sourceBucket"], row, all_versions) for row in found]
    dated = "lastmodified" in told["fileSchema"].lower().replace("_", "")
    for row in rows if all_versions else []:
        _derive(row, [each for each in rows if each["key"] == row["key"]], dated)
    return rows


def _rows(path: Path, form: str, schema: str) -> Iterator[Mapping[str, Any]]:
    if form == "CSV":
        names = [name.strip().lower() for name in schema.split(",")]
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            for cells in csv.reader(lines):
                row: Row = dict(zip(names, cells, strict=True))
                yield {**row, "key": unquote_plus(row["key"])}
        return
    table = pyarrow.parquet.read_table(path) if form == "Parquet" else pyarrow.orc.read_table(path)
    for row in table.to_pylist():
        yield {name.replace("_", ""): value for name, value in row.items()}


def _row(bucket: str, row: Mapping[str, Any], all_versions: bool) -> Row:
    etag = row.get("etag") or None
    marker = all_versions and _flag(row.get("isdeletemarker"))
    if marker:
        row = {**row, "size": None, "storageclass": None}
    return {
        "bucket": bucket,
        "key": row["key"],
        "version_id": (row["versionid"] or "null") if "versionid" in row else None,
        "is_latest": _flag(row.get("islatest")) if all_versions else True,
        "is_delete_marker": _flag(row.get("isdeletemarker")) if all_versions else False,
        "size": int(row["size"]) if row.get("size") not in (None, "") else None,
        "last_modified": _moment(row.get("lastmodifieddate")),
        "noncurrent_since": None,
        "newer_noncurrent_versions": None,
        "noncurrent_versions": None,
        "storage_class": row.get("storageclass") or None,
        "access_tier": row.get("intelligenttieringaccesstier") or None,
        "tags": None,
        "etag": etag,
        "part_count": None if etag is None else int(etag.partition("-")[2] or 0),
        "encryption": row.get("encryptionstatus") or None,
        "lock_mode": row.get("objectlockmode") or None,
        "retain_until": _moment(row.get("objectlockretainuntildate")),
        "legal_hold": {"On": True, "Off": False}.get(row.get("objectlocklegalholdstatus") or ""),
        "replication_status": row.get("replicationstatus") or None,
        "expiration": _moment(row.get("lifecycleexpirationdate")),
    }


def _derive(row: Row, of_key: list[Row], dated: bool) -> None:
    row["noncurrent_versions"] = sum(not each["is_latest"] for each in of_key)
    if row["is_latest"] or not dated:
        return
    newer = [each for each in of_key if each is not row and _is_newer(each, row)]
    row["noncurrent_since"] = min((each["last_modified"] for each in newer), default=None)
    if latest := [each for each in newer if each["is_latest"]]:
        others = [each["last_modified"] for each in newer if not each["is_latest"]]
        row["noncurrent_since"] = min(others, default=latest[-1]["last_modified"])
    row["newer_noncurrent_versions"] = sum(not each["is_latest"] for each in newer)


def _is_newer(one: Row, other: Row) -> bool:
    return bool(one["is_latest"]) or one["last_modified"] > other["last_modified"]


def _flag(said: object) -> bool | None:
    return said if isinstance(said, bool) else {"true": True, "false": False}.get(str(said))


def _moment(said: object) -> datetime | None:
    if said in (None, ""):
        return None
    if isinstance(said, datetime):
        return said.replace(tzinfo=UTC)
    return datetime.strptime(str(said), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
