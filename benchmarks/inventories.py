"""From inventories to a forecast and to a summary: against the engine only reading the columns.

`python -m benchmarks inventories --rows 100000000` measures larger ones: so many current versions
in 20 files, and up to 20,000,000 versions. `--polars` puts Polars' answer beside.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.figure import Figure
from benchmarks.inventory_data import all_versions, current_versions
from benchmarks.table_engines import installed

ROWS = 4_000_000
MOST_VERSIONS = 20_000_000
FEW = 1_000_000
ROUNDS = 3
GB = 1_000


class Run(NamedTuple):
    """Of one process; `megabytes` were resident at most."""

    counted: int
    processor: float
    seconds: float
    megabytes: float


def measure(rows: int = ROWS, *, polars: bool = False) -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        current = current_versions(folder / "current", rows)
        bounds = {"forecast": 3.0, "summary": None}
        yield from _figures(f"{rows:,} current versions", current, bounds, 1 * GB, polars)
        if rows > FEW:
            few = current_versions(folder / "few", FEW)
            yield _growth(few, FEW, current, rows)
    with TemporaryDirectory() as name:
        rows = min(rows, MOST_VERSIONS)
        versions = all_versions(Path(name) / "versions", rows)
        bounds = {"forecast": 6.5, "forecast-newest-kept": None, "summary": None}
        yield from _figures(f"{rows:,} versions", versions, bounds, 2 * GB, polars)


def _figures(
    what: str, manifest: Path, bounds: Mapping[str, float | None], memory: float, polars: bool
) -> Iterator[Figure]:
    """Each kernel in turn with the floor."""
    theirs = ["polars"] if polars else []
    runs = _in_turn(["floor", *bounds, *theirs], manifest)
    floors = runs["floor"]
    yield Figure(f"only reading {what}", median(each.processor for each in floors), "s")
    for kernel in [*bounds, *theirs]:
        found, bound = runs[kernel], bounds.get(kernel)
        assert {each.counted for each in found} == {each.counted for each in floors}, kernel
        yield Figure(f"{kernel} of {what}", median(each.processor for each in found), "s")
        yield Figure("  ratio, of a processor", _ratio(found, floors, "processor"), "×", bound)
        yield Figure("  ratio, by the clock", _ratio(found, floors, "seconds"), "×")
        most = max(each.megabytes for each in found)
        yield Figure("  memory", most, "MB", None if kernel == "polars" else memory)


def _in_turn(kernels: Sequence[str], manifest: Path) -> Mapping[str, list[Run]]:
    """A B C A B C …"""
    found: dict[str, list[Run]] = {kernel: [] for kernel in kernels}
    for _ in range(ROUNDS):
        for kernel in kernels:
            found[kernel].append(_run(kernel, manifest))
    return found


def _ratio(ours: Sequence[Run], floors: Sequence[Run], what: str) -> float:
    pairs = zip(ours, floors, strict=True)
    return median(float(getattr(one, what) / getattr(other, what)) for one, other in pairs)


def _growth(few: Path, fewer: int, many: Path, more: int) -> Figure:
    runs = [(_run("forecast", few), _run("forecast", many)) for _ in range(ROUNDS)]
    grown = median(large.processor / more / (small.processor / fewer) for small, large in runs)
    return Figure(f"  a row of {more:,}, against one of {fewer:,}", grown, "×", 1.15)


def _run(kernel: str, manifest: Path) -> Run:
    command = [sys.executable, "-m", "benchmarks.inventory_kernels", kernel, str(manifest)]
    if kernel == "polars":
        module = Path(__file__).with_name("inventory_in_polars.py")
        command = [str(installed()), str(module), str(manifest.parent)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout)
    return Run(told["counted"], told["processor"], told["seconds"], told["bytes"] / 1_000_000)
