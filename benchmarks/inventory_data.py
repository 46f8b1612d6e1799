"""Inventories for measurements, as S3 writes them: all by arithmetic, so the same each time."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.table_engines import PARTS, rows_of_part

MADE = datetime(2026, 11, 28, 1, tzinfo=UTC)
FILES = 20
_FIELDS = "bucket, key, size, last_modified as last_modified_date, storage_class"
_OF_VERSIONS = f"{_FIELDS}, version_id, is_latest, is_delete_marker"
# A prime that no number of rows has: rows of a file are of keys from everywhere.
_STRIDE = 2_147_483_647
_CURRENT = """
    select 'lab' as bucket,
        case when k % 10 < 6 then 'checkpoints/team-' || hash(k // 40, 3) % 20
                || '/run-' || lpad((hash(k // 40) % 1000000)::varchar, 6, '0')
                || '/step-' || lpad((k % 40 * 1000)::varchar, 8, '0')
                || '/shard-' || lpad(k::varchar, 9, '0') || '.safetensors'
            when k % 10 < 9 then 'experiments/' || hash(k // 200, 4) % 97
                || '/' || hash(k // 100) || '/artifacts/model-' || k || '.pkl'
            else 'models/m-' || hash(k // 500, 5) % 50 || '/v' || k || '/weights.bin'
        end as key,
        (hash(k, 7) % 20000000)::bigint as size,
        timestamp '2025-06-01' + to_seconds((hash(k, 8) % 46656000)::bigint) as last_modified,
        ['STANDARD', 'STANDARD', 'STANDARD', 'STANDARD_IA', 'GLACIER_IR'][
            (1 + hash(k, 10) % 5)::int
        ] as storage_class
    from (select number * {stride} % {rows} as k from range({first}, {end}) numbers(number))
"""


def current_versions(folder: Path, rows: int) -> Path:
    """The manifest of an inventory of current versions, in 20 files."""
    starts = [rows * number // FILES for number in range(FILES + 1)]
    queries = [
        _CURRENT.format(stride=_STRIDE, rows=rows, first=first, end=end)
        for first, end in pairwise(starts)
    ]
    return _written(folder, queries, _FIELDS)


def all_versions(folder: Path, rows: int) -> Path:
    """The manifest of one of about so many versions: one to three of a key, in any file."""
    return _written(folder, [rows_of_part(part, rows) for part in range(PARTS)], _OF_VERSIONS)


def _written(folder: Path, queries: list[str], fields: str) -> Path:
    (folder / "data").mkdir(parents=True)
    files: list[dict[str, Any]] = []
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false")
        engine.execute(f"set memory_limit = '1500MB'; set temp_directory = '{folder}/spilled'")
        engine.execute("set preserve_insertion_order = false")
        for number, query in enumerate(queries):
            path = folder / "data" / f"{number}.parquet"
            to = f"'{path}' (format parquet, compression snappy)"
            engine.execute(f"copy (select {fields} from ({query})) to {to}")
            with path.open("rb") as written:
                md5 = hashlib.file_digest(written, _md5).hexdigest()
            files.append({"key": path.name, "size": path.stat().st_size, "MD5checksum": md5})
    names = [field.split()[-1] for field in fields.split(", ")]
    manifest = {
        "sourceBucket": "lab",
        "creationTimestamp": str(int(MADE.timestamp() * 1000)),
        "fileFormat": "Parquet",
        "fileSchema": f"message s3.inventory {{ {' '.join(f'optional any {n};' for n in names)} }}",
        "files": files,
    }
    content = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(content)
    (folder / "manifest.checksum").write_text(_md5(content).hexdigest())
    return folder / "manifest.json"


def _md5(content: bytes = b"") -> Any:
    return hashlib.md5(content, usedforsecurity=False)
