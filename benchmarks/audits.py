"""An audit against the table engine, which reads the same columns and writes the same list.

`python -m benchmarks audits --rows 20000000` takes the issue's size, and a reference for every 20
objects. A ratio of processor time holds on a busy machine too; one by the clock does not.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.figure import Figure
from benchmarks.inventory_data import MADE, current_versions
from firnline.reach.location import Location, LocationKind
from firnline.reach.reference_file import to_lines
from firnline.reach.reference_lines import Line
from firnline.reach.references import OrphanReason, Reference, Root, Strength, Unneeded
from firnline.reach.source import Certificate

ROWS = 1_000_000
OBJECTS_OF_A_REFERENCE = 20
_READ = MADE + timedelta(hours=5)


def measure(rows: int = ROWS) -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        manifest = current_versions(folder / "stored", rows)
        references = folder / "refs.jsonl"
        count = write_references(folder / "stored", references, rows // OBJECTS_OF_A_REFERENCE)
        paths = str(manifest), str(references), str(folder / "unneeded.parquet")
        ours, floor, naive = (_run(each, *paths) for each in ("audit", "floor", "oracle"))
    assert ours["rows"] == floor["rows"], "the floor writes another list"
    assert not naive["different"], "the audit differs from trying each reference"
    what = f"{rows:,} objects × {count:,} lines"
    yield Figure(f"only reading and writing, {what}", floor["processor"], "s")
    yield Figure(f"audit of {what}", ours["processor"], "s")
    yield Figure("  ratio, of a processor", ours["processor"] / floor["processor"], "×")
    yield Figure("  ratio, by the clock", ours["seconds"] / floor["seconds"], "×")
    yield Figure("  memory", ours["bytes"] / 1e6, "MB", 1_000)
    days = naive["seconds_a_key"] * rows / 86_400
    yield Figure("  trying each reference on each key, extrapolated", days, "days")


def write_references(stored: Path, file: Path, most: int) -> int:
    """Runs in the names of teams 1 and 10 to 19 are deleted, all others are needed; there are
    pinned models and objects, and one in twenty has nothing stored. Returns the lines.
    """
    lines = list(_lines(stored, most))
    certificate = Certificate(_READ, _READ, 1, len(lines), len(lines), "count(*)")
    named = (("prod", "mlflow", each) for each in (*lines, certificate))
    with file.open("w", encoding="utf-8") as out:
        out.writelines(to_lines(_READ, named))
    return len(lines)


def _lines(stored: Path, most: int) -> Iterator[Line]:
    for number, run in enumerate(_folders(stored, "checkpoints", most // 2)):
        owner, experiment = f"person-{number % 200}", f"sweep-{number % 97}"
        if "/team-1" in run:
            reason = (OrphanReason.RUN_DELETED, OrphanReason.RUN_FAILED)[number % 2]
            yield Unneeded(_folder(run), reason, (f"run {number}",), None, owner, experiment)
        else:
            yield Reference(_folder(run), Strength.LIVE, (f"run {number}",), owner, experiment)
    for number, run in enumerate(_folders(stored, "experiments", most // 4)):
        yield Reference(_folder(run), Strength.LIVE, (f"run {number}",), "ann", "churn")
    for number, model in enumerate(_folders(stored, "models", most // 5)):
        because = (f"model m v{number}", "alias champion")
        yield Reference(_folder(model), Strength.PIN, because)
    for number in range(most // 20):
        yield Reference(_folder(f"models/gone/v{number}"), Strength.PIN, ("model gone",))
    yield Root(_folder("models"), "m-[0-9]+", "models")


def _folders(stored: Path, below: str, most: int) -> list[str]:
    query = f"""
        select distinct regexp_extract(key, '^[^/]*/[^/]*/[^/]*') as folder
        from '{stored}/data/*.parquet' where starts_with(key, '{below}/')
        order by folder limit {most}
    """
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false")
        return [folder for (folder,) in engine.execute(query).fetchall()]


def _folder(key: str) -> Location:
    return Location("lab", LocationKind.DIR, key)


def _run(kernel: str, *paths: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.audit_kernels", kernel, *paths]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told
