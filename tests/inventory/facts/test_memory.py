"""Memory is bounded by what is allowed and a batch, not by the number of versions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.orc
import pyarrow.parquet
import pytest

from firnline.inventory.facts.frame import DERIVED, Column
from tests.inventory.facts.written import VERSIONS, data_file, schema, write_manifest

MB = 1_000_000
ALLOWED = 200 * MB
AROUND = 350 * MB
"""Python, the libraries, and the batches that are on their way: more than that is a leak."""


@dataclass(frozen=True, slots=True)
class Inventory:
    manifest: Path
    rows: int


FIELDS = (*VERSIONS, "Size", "LastModifiedDate", "StorageClass", "ETag")
ROWS = """
copy (
    select 'lab' as bucket,
        'runs/' || md5((k // 50)::varchar) || '/step-' || lpad(k::varchar, 12, '0') as key,
        md5(k || '/' || n) as version_id, n = 1 as is_latest, false as is_delete_marker,
        k as size, timestamp '2026-01-01' + to_seconds(k % 10000000 + n) as last_modified_date,
        'STANDARD' as storage_class, md5(n || '/' || k) as e_tag
    from range({keys}) keys(k), range(2) numbers(n) where n = {number}
) to '{path}' (format parquet, compression snappy)
"""
READ = """
import re, sys, time
from pathlib import Path
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory

rows = 0
with open_inventory([OnDisk(Path(sys.argv[1]))], memory=int(sys.argv[2])) as facts:
    for batch in facts.batches(*map(Column, sys.argv[3].split(","))):
        if not rows:
            time.sleep(3)  # whatever reads ahead has the time to
        rows += len(batch)
# Not `ru_maxrss`, in which a process also finds what the one had that started it.
[peak] = re.findall(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print([rows, int(peak) * 1024])
"""
GIVEN_BACK = {"MALLOC_MMAP_THRESHOLD_": str(MB)}
"""Has malloc give back what is freed of any size from 1 MB. By itself it learns to keep more and
more of it, so that the peak would say how often something was freed, not how much was held.
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "columns"),
    [("Parquet", tuple(Column)), ("ORC", [each for each in Column if each not in DERIVED])],
    ids=["Parquet, sorted for all columns", "ORC, read for all that it has"],
)
def test_many_versions_take_no_more_memory_than_is_allowed(
    form: str, columns: Sequence[Column], tmp_path: Path
) -> None:
    few, many = (_write(tmp_path / str(keys), keys, form) for keys in (500_000, 2_000_000))
    peak = _peak(many, columns)
    assert peak < ALLOWED + AROUND
    assert peak < 1.25 * _peak(few, columns)  # with four times the rows


def _write(folder: Path, keys: int, form: str) -> Inventory:
    """Of two versions of each key."""
    (folder / "data").mkdir(parents=True)
    paths = [folder / "data" / f"{number}.data" for number in range(2)]
    for number, path in enumerate(paths):
        with duckdb.connect() as engine:
            engine.execute("set enable_progress_bar = false")
            engine.execute(ROWS.format(keys=keys, number=number, path=path))
        if form == "ORC":
            pyarrow.orc.write_table(pyarrow.parquet.read_table(path), path, compression="zlib")
    manifest = write_manifest(
        folder / "manifest.json",
        {
            "sourceBucket": "lab",
            "creationTimestamp": "1795827600000",
            "fileFormat": form,
            "fileSchema": schema(FIELDS, form),
            "files": [data_file(path, path.name) for path in paths],
        },
    )
    return Inventory(manifest, rows=2 * keys)


def _peak(inventory: Inventory, columns: Sequence[Column]) -> int:
    """In bytes, of a process that reads all of it."""
    command = [
        *(sys.executable, "-c", READ),
        *(str(inventory.manifest), str(ALLOWED), ",".join(columns)),
    ]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | GIVEN_BACK
    )
    rows, peak = json.loads(ran.stdout)
    assert rows == inventory.rows
    return int(peak)
