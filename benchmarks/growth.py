"""Audit, MLflow by SQL and a DynamoDB table at 1 to 8 × the size: do time and memory grow as it?"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import audits, dynamodb, mlflow_runs
from benchmarks.figure import Figure
from benchmarks.inventory_data import current_versions
from benchmarks.memory import own_peak

ROWS = 250_000
"""The fewest objects of an audit; MLflow has a twentieth of that in runs, DynamoDB an eighth in
items.
"""

TIMES = (1, 2, 4, 8)
_GROWTH = 1.3
_LINE = "  {:<28} {:>10} {:>9} {:>13} {:>9}"


def measure(rows: int = ROWS) -> Iterator[Figure]:
    yield from _curve("audit, objects", rows, _audit)
    yield from _curve("MLflow by SQL, runs", rows // 20, _mlflow)
    yield from _curve("DynamoDB, items", rows // 8, _dynamodb)


def _curve(what: str, fewest: int, measured: Callable[[int], dict[str, float]]) -> Iterator[Figure]:
    """Prints the table; what is bounded is the greatest size against the smallest, per row."""
    print(_LINE.format(what, "", "seconds", "s a million", "MB"), flush=True)
    per_row = []
    for times in TIMES:
        rows = fewest * times
        told = measured(rows)
        per_row.append(told["processor"] / rows)
        shown = f"{told['processor']:.2f}", f"{per_row[-1] * 1e6:.1f}", f"{told['bytes'] / 1e6:.0f}"
        print(_LINE.format(f"  {times} ×", f"{rows:,}", *shown), flush=True)
    yield Figure(
        f"{what}: a row at {TIMES[-1]} ×, against 1 ×", per_row[-1] / per_row[0], "×", _GROWTH
    )


def _audit(rows: int) -> dict[str, float]:
    with TemporaryDirectory() as name:
        stored, references = Path(name) / "stored", Path(name) / "refs.jsonl"
        manifest = current_versions(stored, rows)
        audits.write_references(stored, references, rows // audits.OBJECTS_OF_A_REFERENCE)
        unneeded = str(Path(name) / "unneeded.parquet")
        paths = str(manifest), str(references), unneeded
        return _in_process("benchmarks.audit_kernels", "audit", *paths)


def _mlflow(runs: int) -> dict[str, float]:
    with TemporaryDirectory() as name:
        store = Path(name) / "mlflow.db"
        mlflow_runs.write(store, runs)
        return _in_process("benchmarks.growth", str(store))


def _dynamodb(items: int) -> dict[str, float]:
    return dynamodb.read("fake", str(items))


def _in_process(module: str, *arguments: str) -> dict[str, float]:
    """Of its own, so that its memory is that of one measurement."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _of_store(store: str) -> None:
    began = time.process_time()
    mlflow_runs.read(Path(store))
    print(json.dumps({"processor": time.process_time() - began, "bytes": own_peak()}))


if __name__ == "__main__":
    _of_store(sys.argv[1])
