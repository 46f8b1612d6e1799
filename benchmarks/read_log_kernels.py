"""What is measured over server access logs, each for a process of its own: KERNEL LOGS MANIFEST.

Prints as JSON how many lines it read, its seconds of a processor and of the clock, and the bytes
that were resident at most.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import processor_seconds
from benchmarks.listings import RULES
from benchmarks.memory import own_peak
from firnline.inventory.facts.engine import Engine, lines_of
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.read_alike import read_cells
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.facts.table import BATCH, MEMORY
from firnline.inventory.forecast.cuts import cuts
from firnline.inventory.reads.gathering import gather
from firnline.inventory.reads.log_files import log_files
from firnline.inventory.reads.log_sql import ACCESS_LOG
from firnline.s3.read_shape import read_configuration

_PARSED = ("bucket", "day", "clock", "operation", "key", "status")


def floor(logs: Path, _manifest: Path) -> int:
    """The engine alone parses the columns that are needed."""
    columns = ", ".join(f"sum(strlen({each}))" for each in _PARSED)
    with TemporaryDirectory() as scratch:
        engine = Engine(MEMORY, Path(scratch))
        engine.view("log_lines", lines_of((sorted(logs.iterdir()), [])))
        sql = f"select count(*)::bigint as lines, sum(bytes), {columns} from ({ACCESS_LOG})"
        (batch,) = engine.batches(sql, "select 1", {}, BATCH)
        engine.close()
    lines: int = batch.to_pylist()[0]["lines"]
    return lines


def joined(logs: Path, manifest: Path) -> int:
    """By what rules treat alike, and the age at which it was read."""
    found = cuts([read_configuration(RULES)], is_suspended=False)
    with gather(log_files([logs])) as reads, open_inventory([OnDisk(manifest)]) as facts:
        bucket = reads.of("lab")
        assert bucket is not None
        cells = list(read_cells(facts, found, reads.rows_of("lab"), bucket.known.days))
        assert sum(each.volume.reads for each in cells)
        return sum(each.requests for each in reads.buckets)


KERNELS = {"floor": floor, "joined": joined}


def main(kernel: str, logs: str, manifest: str) -> None:
    lines = 0

    def run() -> None:
        nonlocal lines
        lines = KERNELS[kernel](Path(logs), Path(manifest))

    began = time.perf_counter()
    processor = processor_seconds(run)
    seconds = time.perf_counter() - began
    print(
        json.dumps(
            {"lines": lines, "processor": processor, "seconds": seconds, "bytes": own_peak()}
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
