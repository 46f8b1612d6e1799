"""From a listing of 400,000 objects to its summary: against Python, only parsing the same text."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, in_turn, processor_seconds

OBJECTS = 400_000
ROUNDS = 3
NOW = datetime(2026, 11, 28, tzinfo=UTC)
SCHEMA = "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, StorageClass"
RULES = {
    "Rules": [
        {
            "ID": name,
            "Status": "Enabled",
            "Filter": {"Prefix": f"{name}/"},
            "Transitions": [{"Days": days, "StorageClass": "GLACIER_IR"}],
            "Expiration": {"Days": 4 * days},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
        }
        for name, days in {"checkpoints": 14, "logs": 30, "datasets": 90}.items()
    ]
}
_PARSE = {
    "inventory.csv.gz": "import csv, gzip\nfor row in csv.reader(gzip.open({path!r}, 'rt')): pass",
    "listing.json": "import json\njson.load(open({path!r}))",
}


def measure() -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder)
        for file, code in _PARSE.items():
            parse = [sys.executable, "-c", code.format(path=str(folder / file))]
            for versioning, bound in (("off", 18.0), ("enabled", 26.0)):
                simulate = _simulate(folder / file, versioning)
                ours, theirs, ratio = in_turn(
                    partial(_run, simulate), partial(_run, parse), ROUNDS, processor_seconds
                )
                yield Figure(f"{file}, {OBJECTS:,} objects, versioning {versioning}", ours, "s")
                yield Figure("  parsed only", theirs, "s")
                yield Figure("  ratio", ratio, "×", bound)


def _simulate(path: Path, versioning: str) -> list[str]:
    rules = str(path.parent / "rules.json")
    asked = ["--rules", rules, "--versioning", versioning, "--since", "2026-11-28"]
    schema = ["--schema", SCHEMA] if path.suffix == ".gz" else []
    return [sys.executable, "-m", "firnline", "simulate", str(path), *asked, *schema]


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _write(folder: Path) -> None:
    chance = Random(7)
    rows = [_row(number, chance) for number in range(OBJECTS)]
    text = StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    (folder / "inventory.csv.gz").write_bytes(gzip.compress(text.getvalue().encode(), 1))
    contents = [
        {"Key": key, "LastModified": made, "ETag": '"x"', "Size": int(size), "StorageClass": held}
        for _, key, _, _, _, size, made, held in rows
    ]
    (folder / "listing.json").write_text(json.dumps({"Contents": contents}, indent=4))
    (folder / "rules.json").write_text(json.dumps(RULES))


def _row(number: int, chance: Random) -> tuple[str, ...]:
    team = chance.choice(["checkpoints", "checkpoints", "logs", "datasets", "models"])
    made = NOW - timedelta(seconds=chance.randrange(400 * 86_400))
    held = chance.choice(["STANDARD", "STANDARD", "GLACIER_IR"])
    size = str(int(2 ** chance.uniform(10, 34)))
    key = f"{team}/run-{number % 997}/step={number:07d}.pt"
    return "lab", key, "", "true", "false", size, f"{made:%Y-%m-%dT%H:%M:%S}.000Z", held
