"""Server access logs joined to an inventory, by key and age: against the engine only parsing them.

`python -m benchmarks read-logs --rows 10000000` measures more lines.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from benchmarks.figure import Figure
from benchmarks.inventory_data import current_versions

ROWS = 1_000_000
LINES_OF_A_FILE = 250_000
A_KEY = 5
"""Lines for each object of the inventory."""
ROUNDS = 3
_OWNER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
_LINE = f"""
    select '{_OWNER} lab [' || strftime(moment, '%d/%b/%Y:%H:%M:%S') || ' +0000] 192.0.2.3'
        || ' arn:aws:sts::111122223333:assumed-role/etl/job 3E57427F33A59F07 '
        || ['REST.GET.OBJECT', 'REST.GET.OBJECT', 'REST.HEAD.OBJECT', 'REST.PUT.OBJECT'][
            (1 + hash(n, 1) % 4)::int
        ] || ' ' || key || ' "GET /' || key || '?x-id=GetObject HTTP/1.1" '
        || ['200', '206', '404'][(1 + hash(n, 2) % 3)::int] || ' - ' || hash(n, 3) % 20000000
        || ' 20000000 70 10 "-" "aws-sdk-java/2.20 (Linux)" - s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd='
        || ' SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader lab.s3.us-east-1.amazonaws.com TLSV1.2'
        || ' - -' as line
    from (
        select n, key, timestamp '2026-10-28'
            + to_seconds((n * 2592000 // {{rows}} + hash(n, 4) % 3000)::bigint) as moment
        from range({{first}}, {{end}}) numbers(n)
        join (select key, row_number() over () - 1 as place from read_parquet('{{inventory}}'))
            on place = (n * 2147483647) % {{keys}}
    )
"""


class Run(NamedTuple):
    """Of one process; `megabytes` were resident at most."""

    lines: int
    processor: float
    seconds: float
    megabytes: float


def measure(rows: int = ROWS) -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        manifest = current_versions(folder / "inventory", rows // A_KEY)
        _write_logs(folder, rows)
        runs: dict[str, list[Run]] = {"floor": [], "joined": []}
        for _ in range(ROUNDS):
            for kernel, found in runs.items():
                found.append(_run(kernel, folder / "logs", manifest))
    assert {each.lines for found in runs.values() for each in found} == {rows}
    what = f"{rows:,} log lines"
    floors, joined = runs["floor"], runs["joined"]
    yield Figure(f"only parsing {what}", median(each.processor for each in floors), "s")
    yield Figure(f"joined {what}", median(each.processor for each in joined), "s")
    yield Figure("  ratio, of a processor", _ratio(joined, floors, "processor"), "×", 3.0)
    yield Figure("  ratio, by the clock", _ratio(joined, floors, "seconds"), "×")
    yield Figure("  memory", max(each.megabytes for each in joined), "MB", 1_500)


def _write_logs(folder: Path, rows: int) -> None:
    logs = folder / "logs"
    logs.mkdir()
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false; set preserve_insertion_order = false")
        engine.execute(f"set memory_limit = '1500MB'; set temp_directory = '{folder}/spilled'")
        for first in range(0, rows, LINES_OF_A_FILE):
            query = _LINE.format(
                rows=rows,
                first=first,
                end=min(first + LINES_OF_A_FILE, rows),
                keys=rows // A_KEY,
                inventory=folder / "inventory" / "data" / "*.parquet",
            )
            to = f"'{logs}/log-{first}' (format csv, header false, quote '', delimiter '\x01')"
            engine.execute(f"copy ({query}) to {to}")


def _ratio(ours: Sequence[Run], floors: Sequence[Run], what: str) -> float:
    pairs = zip(ours, floors, strict=True)
    return median(float(getattr(one, what) / getattr(other, what)) for one, other in pairs)


def _run(kernel: str, logs: Path, manifest: Path) -> Run:
    command = [
        sys.executable,
        "-m",
        "benchmarks.read_log_kernels",
        kernel,
        str(logs),
        str(manifest),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout)
    return Run(told["lines"], told["processor"], told["seconds"], told["bytes"] / 1_000_000)
