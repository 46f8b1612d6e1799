"""The same groups by Polars: FOLDER, for a process that has Polars and nothing of ours.

Prints as `inventory_kernels.py` does. Items are grouped by interval of keys, class, version state,
days and side of 128 KiB; of versions, each is noncurrent since the next newer one of its key.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any

BOUNDS = ("checkpoints/", "checkpoints0", "datasets/", "datasets0", "logs/", "logs0")
MEMORY = 1_000  # megabytes
_DAY = 86_400_000


def counted(folder: Path) -> int:
    import polars as pl

    rows = pl.scan_parquet(folder / "data" / "*.parquet")
    of_versions = "is_latest" in rows.collect_schema().names()
    key, size = pl.col("key"), pl.col("size")
    place = pl.sum_horizontal([(key >= bound).cast(pl.UInt8) for bound in BOUNDS])
    told: list[pl.Expr | str] = [place.alias("place"), "storage_class", "size"]
    told += [pl.col("last_modified_date").dt.epoch("ms").alias("made")]
    alike = [pl.col("place", "storage_class"), (size < 131_072).alias("small"), _midnight("made")]
    if of_versions:
        flags, tie = ["is_latest", "is_delete_marker"], pl.col("version_id").hash().alias("tie")
        again = (pl.col("hash") == pl.col("hash").shift(1)) & ~pl.col("is_latest")
        rows = (
            rows.select(*told, *flags, key.hash().alias("hash"), tie)
            .sort("hash", "is_latest", "made", "tie", descending=[False, True, True, True])
            .with_columns(pl.when(again).then(pl.col("made").shift(1)).alias("since"))
        )
        alike += [pl.col(*flags), _midnight("since")]
    else:
        rows = rows.select(*told)
    groups = rows.group_by(alike).agg(
        pl.len().alias("objects"),
        size.sum().alias("bytes"),
        size.min().alias("least"),
        size.clip(131_072).sum().alias("padded"),
    )
    return int(groups.collect(engine="streaming")["objects"].sum())


def _midnight(column: str) -> Any:
    import polars as pl

    return (pl.col(column) + _DAY - 1) // _DAY


def main(folder: str) -> None:
    os.environ["POLARS_OOC_MEMORY_BUDGET_MB"] = str(MEMORY)
    began, spent = time.perf_counter(), _processor()
    found = counted(Path(folder))
    told = {"counted": found, "processor": _processor() - spent}
    told["seconds"] = time.perf_counter() - began
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps(told | {"bytes": int(peak) * 1024}))


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(sys.argv[1])
