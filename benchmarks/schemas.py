"""How fast do jsonschema-rs and jsonschema judge the same right policies? In processor time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

import jsonschema
import jsonschema_rs
import yaml

from benchmarks.figure import Figure, in_turn, processor_seconds
from benchmarks.large_fleet import fleet
from firnline.language.schemas import FileKind, schema

POLICIES = 10  # of 100 retentions
ROUNDS = 9


def measure() -> Iterator[Figure]:
    files = fleet(POLICIES)
    documents = [
        yaml.load(files[f"policies/p{number}.yaml"], Loader=yaml.CBaseLoader)
        for number in range(POLICIES)
    ]
    slow = jsonschema.Draft7Validator(schema(FileKind.POLICY))
    fast = jsonschema_rs.Draft7Validator(schema(FileKind.POLICY))
    assert all(map(fast.is_valid, documents))
    explained, judged, ratio = in_turn(
        lambda: [list(slow.iter_errors(each)) for each in documents],
        lambda: [fast.is_valid(each) for each in documents],
        ROUNDS,
        processor_seconds,
    )
    yield Figure(f"jsonschema, {POLICIES} policies of 100 retentions", 1000 * explained, "ms")
    yield Figure("jsonschema-rs, the same", 1000 * judged, "ms")
    yield Figure("  ratio", ratio, "×")
    explained, judged, _ = in_turn(
        partial(_run, "import jsonschema"),
        partial(_run, "import jsonschema_rs"),
        ROUNDS,
        processor_seconds,
    )
    yield Figure("start Python and import jsonschema", 1000 * explained, "ms")
    yield Figure("start Python and import jsonschema-rs", 1000 * judged, "ms")


def _run(statement: str) -> None:
    subprocess.run([sys.executable, "-c", statement], check=True)
