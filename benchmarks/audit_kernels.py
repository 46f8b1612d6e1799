"""Audits for measurements, each in a process of its own: KERNEL MANIFEST REFERENCES LIST.

`audit` is the command, which writes what nobody needs to LIST. `floor` only reads the same columns
of the inventory, and writes the rows of LIST again: by the table engine alone. `oracle` tries each
line on some keys. Prints as JSON its counts, its seconds, and the memory that was resident at most.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from pathlib import Path

SAMPLED = 200


def floor(manifest: str, _: str, unneeded: str) -> dict[str, float]:
    import duckdb

    folder = Path(manifest).parent
    with duckdb.connect(config={"memory_limit": "1GB"}) as engine:
        engine.execute("set enable_progress_bar = false; set preserve_insertion_order = false")
        engine.execute(
            "select count(*), sum(strlen(key)), sum(size), max(last_modified_date),"
            f" sum(strlen(storage_class)) from '{folder}/data/*.parquet'"
        ).fetchall()
        to = f"'{unneeded}.again' (format parquet, compression zstd)"
        engine.execute(f"copy (from '{unneeded}') to {to}")
        (rows,) = engine.execute(
            f"select count(*) from read_parquet('{unneeded}.again')"
        ).fetchone() or (0,)
    return {"rows": rows}


def audit(manifest: str, references: str, unneeded: str) -> dict[str, float]:
    from firnline.cli import main

    out = ["--out", f"parquet:{unneeded}", "--out", f"json:{unneeded}.json"]
    assert main(["gc", "audit", manifest, "--references", references, *out]) == 0
    told = json.loads(Path(f"{unneeded}.json").read_text(encoding="utf-8"))
    classes = told["buckets"][0]["classes"]
    return {"rows": sum(classes[each]["objects"] for each in classes if each != "active")}


def oracle(manifest: str, references: str, unneeded: str) -> dict[str, float]:
    """Of some keys, whether LIST has them, against every line; and what a key takes that way."""
    import duckdb

    from firnline.reach.reference_file import read_found
    from firnline.reach.references import Reference

    with open(references, encoding="utf-8") as lines:
        needed = [each for _, each in read_found(lines, references) if isinstance(each, Reference)]
    with duckdb.connect() as engine:
        rows = engine.execute(
            f"select key, key in (select key from '{unneeded}')"
            f" from (select key from '{Path(manifest).parent}/data/*.parquet'"
            f" using sample {SAMPLED} rows (reservoir, 7))"
        ).fetchall()
    began = time.process_time()
    different = sum(
        any(each.location.covers(key) for each in needed) == is_listed for key, is_listed in rows
    )
    return {"different": different, "seconds_a_key": (time.process_time() - began) / len(rows)}


def main(kernel: str, *paths: str) -> None:
    began, spent = time.perf_counter(), _processor()
    told = {"floor": floor, "audit": audit, "oracle": oracle}[kernel](*paths)
    told |= {"processor": _processor() - spent, "seconds": time.perf_counter() - began}
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps(told | {"bytes": int(peak) * 1024}))


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
