"""`firnline check` against merely importing the libraries it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, in_turn

CHECKOUT = Path(__file__).parents[1]
FIRNLINE = str(Path(sys.executable).with_name("firnline"))
POLICY = """\
firnline: policy/v1
policy: scratch
owner: lab
why: a benchmark
applies_to: [{account: lab, buckets: lab-data}]
versioning: off
retain: {tmp: {prefix: tmp/, delete_after: 30d}}
uploads: {abort_after: 7d}
"""
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


def measure() -> Iterator[Figure]:
    def imports() -> None:
        _run([sys.executable, "-c", "import yaml, jsonschema"])

    with TemporaryDirectory() as folder:
        (Path(folder) / "policy.yaml").write_text(POLICY, encoding="utf-8")
        for checked, what, bound in (
            (folder, "one policy", 1.3),
            ("policies", "the sample policies", 1.5),
        ):
            check = partial(_run, [FIRNLINE, "check", checked])
            check()
            imports()
            ours, theirs, ratio = in_turn(check, imports, rounds=15)
            yield Figure(f"firnline check of {what}", 1000 * ours, "ms")
            yield Figure('python -c "import yaml, jsonschema"', 1000 * theirs, "ms")
            yield Figure("ratio, median of 15 pairs", ratio, "×", bound=bound)


def _run(command: list[str]) -> None:
    # As installed: compiled by the first run, whatever this shell says of bytecode.
    environment = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, check=True)
