"""`firnline check` of the sample policies against merely importing the libraries it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, in_turn

CHECKOUT = Path(__file__).parents[1]
FIRNLINE = str(Path(sys.executable).with_name("firnline"))
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


def measure() -> Iterator[Figure]:
    def check() -> None:
        _run([FIRNLINE, "check", "policies"])

    def imports() -> None:
        _run([sys.executable, "-c", "import yaml, jsonschema"])

    check()
    imports()
    ours, theirs, ratio = in_turn(check, imports, rounds=15)
    yield Figure("firnline check policies", 1000 * ours, "ms")
    yield Figure('python -c "import yaml, jsonschema"', 1000 * theirs, "ms")
    yield Figure("ratio, median of 15 pairs", ratio, "×", bound=1.5)


def _run(command: list[str]) -> None:
    # As installed: compiled by the first run, whatever this shell says of bytecode.
    environment = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, check=True)
