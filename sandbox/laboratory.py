"""The laboratory of `examples/`: builds it in the running sandbox, says what in it nobody needs.

Its project is `examples/laboratory`, with policies and registries of its own.
"""

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox import environment
from sandbox.emulator_process import python
from sandbox.own_requests import get
from sandbox.paths import SandboxPaths
from sandbox.state import State

BUCKET = "acme-ml-lab-use1"


class LaboratoryFailed(Exception):
    """The text is what the command said."""


def project(paths: SandboxPaths) -> Path:
    return paths.root / "examples" / "laboratory"


def build(state: State, paths: SandboxPaths) -> str:
    """In the world that runs, unless it is there; what was built. Raises `LaboratoryFailed`."""
    command = [str(python(paths)), "-m", "examples.laboratory", "--folder", str(project(paths))]
    return _run(command, state, paths, paths.root).strip()


def orphans(state: State, paths: SandboxPaths) -> str:
    """What nobody needs, in one sentence. Raises `LaboratoryFailed`."""
    if _was_advanced(state):
        return (
            f"What nobody needs in {BUCKET} is not told once the clock was advanced: its registries"
            " go\nby real time."
        )
    folder = paths.world(state.world) / "laboratory"
    folder.mkdir(parents=True, exist_ok=True)
    references = folder / "refs.jsonl"
    firnline = [str(python(paths)), "-m", "firnline"]
    # Storage first, then references: what is stored in between is in no list.
    listing = [*firnline, "inventory", "list", BUCKET, "--into", str(folder)]
    manifest = _run(listing, state, paths).splitlines()[-1]
    _run([*firnline, "gc", "refs", "--out", str(references)], state, paths)
    audit = [*firnline, "gc", "audit", manifest, "--references", str(references), "--out", "json"]
    (bucket,) = json.loads(_run(audit, state, paths))["buckets"]
    found, stored = bucket["classes"]["orphan"], _objects(bucket)
    return (
        f"In {BUCKET} no registry and no run needs {found['objects']:,} of {stored:,} objects,"
        f" which\ncost ${found['usd_a_month']:,.2f} a month."
        " Why, and whose they are: docs/howto-gc.md."
    )


def _was_advanced(state: State) -> bool:
    clock = datetime.fromisoformat(get(state, "clock")["now"])
    return clock > datetime.now(UTC) + timedelta(minutes=1)


def _objects(bucket: dict[str, dict[str, dict[str, int]]]) -> int:
    return sum(each["objects"] for each in bucket["classes"].values())


def _run(command: list[str], state: State, paths: SandboxPaths, folder: Path | None = None) -> str:
    """As in `make shell`, in the project of the laboratory; what it prints."""
    pointed = environment.point_at(state, paths, os.environ, None)
    ran = subprocess.run(
        command,
        cwd=folder or project(paths),
        env=pointed.applied_to(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise LaboratoryFailed(ran.stderr.strip() or ran.stdout.strip())
    return ran.stdout
