"""Inventories on disk in S3's own layout (S3 User Guide, "Locating your inventory list")."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus

import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet

Row = Mapping[str, Any]
"""By the names of fields in a CSV; what is None or absent is empty."""

MADE: Final = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
CURRENT: Final = ("Bucket", "Key")
VERSIONS: Final = ("Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker")
MOMENT: Final = pa.timestamp("ms")
TYPES: Final = {
    "Size": pa.int64(),
    "IsLatest": pa.bool_(),
    "IsDeleteMarker": pa.bool_(),
    "IsMultipartUploaded": pa.bool_(),
    "LastModifiedDate": MOMENT,
    "ObjectLockRetainUntilDate": MOMENT,
    "LifecycleExpirationDate": MOMENT,
}
_IN_MESSAGE: Final = {
    pa.int64(): "int64 {}",
    pa.bool_(): "boolean {}",
    MOMENT: "int64 {} (TIMESTAMP_MILLIS)",
    pa.string(): "binary {} (UTF8)",
}
_IN_STRUCT: Final = {
    pa.int64(): "bigint",
    pa.bool_(): "boolean",
    MOMENT: "timestamp",
    pa.string(): "string",
}


def write(
    folder: Path,
    rows: Sequence[Row],
    fields: Sequence[str],
    form: str = "CSV",
    *,
    bucket: str = "lab",
    parts: int = 2,
    made: datetime = MADE,
) -> Path:
    """The manifest. Rows lie in `parts` files by turns."""
    around = folder / "inventories" / bucket / "daily"
    data = around / "data"
    data.mkdir(parents=True)
    suffix, content_of = _FORMS[form]
    files = []
    for part in range(parts):
        path = data / f"part-{part}.{suffix}"
        content_of([{"Bucket": bucket, **row} for row in rows[part::parts]], fields, path)
        files.append(data_file(path, str(path.relative_to(folder))))
    manifest = {
        "sourceBucket": bucket,
        "destinationBucket": "arn:aws:s3:::lab-inventories",
        "version": "2016-11-30",
        "creationTimestamp": str(int(made.timestamp() * 1000)),
        "fileFormat": form,
        "fileSchema": schema(fields, form),
        "files": files,
    }
    (around / f"{made:%Y-%m-%dT%H-%MZ}").mkdir()
    return write_manifest(around / f"{made:%Y-%m-%dT%H-%MZ}" / "manifest.json", manifest)


def write_manifest(path: Path, manifest: Mapping[str, Any]) -> Path:
    content = json.dumps(manifest).encode()
    path.write_bytes(content)
    path.with_name("manifest.checksum").write_text(_md5(content) + "\n")
    return path


def data_file(path: Path, key: str) -> dict[str, object]:
    """As a manifest names it."""
    content = path.read_bytes()
    return {"key": key, "size": len(content), "MD5checksum": _md5(content)}


def changed(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The manifest, changed, as if S3 had written it so."""
    manifest = json.loads(path.read_text())
    change(manifest)
    return write_manifest(path, manifest)


def schema(fields: Sequence[str], form: str) -> str:
    types = [(snake(field), TYPES.get(field, pa.string())) for field in fields]
    match form:
        case "CSV":
            return ", ".join(fields)
        case "Parquet":
            told = [f"optional {_IN_MESSAGE[type_].format(name)};" for name, type_ in types]
            return f"message s3.inventory {{ {' '.join(told)}}}"
        case _:
            return f"struct<{','.join(f'{name}:{_IN_STRUCT[type_]}' for name, type_ in types)}>"


def snake(field: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", field).lower()


def _csv(rows: Sequence[Row], fields: Sequence[str], path: Path) -> None:
    text = StringIO()
    lines = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    lines.writerows([_cell(field, row.get(field)) for field in fields] for row in rows)
    path.write_bytes(gzip.compress(text.getvalue().encode(), 1, mtime=0))


def _cell(field: str, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%S.000Z}"
        case _:
            return quote_plus(str(value), safe="/") if field == "Key" else str(value)


def _parquet(rows: Sequence[Row], fields: Sequence[str], path: Path) -> None:
    pa.parquet.write_table(_table(rows, fields), path, compression="snappy")


def _orc(rows: Sequence[Row], fields: Sequence[str], path: Path) -> None:
    pa.orc.write_table(_table(rows, fields), path, compression="zlib")


def _table(rows: Sequence[Row], fields: Sequence[str]) -> pa.Table:
    columns = {
        snake(field): pa.array(
            [_plain(row.get(field)) for row in rows], TYPES.get(field, pa.string())
        )
        for field in fields
    }
    return pa.table(columns)


def _plain(value: object) -> object:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


_FORMS: Final = {"CSV": ("csv.gz", _csv), "Parquet": ("parquet", _parquet), "ORC": ("orc", _orc)}
