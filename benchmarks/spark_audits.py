"""An audit inside a local Spark, with the summary and without it: what docs/spark.md reckons with.

`python -m benchmarks.spark_audits --rows 8000000`; it installs Spark as `make test-all` does.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

from benchmarks.audits import write_references
from benchmarks.figure import Figure
from benchmarks.inventory_data import all_versions, current_versions
from tests import install

ROWS = 8_000_000
OBJECTS_OF_A_REFERENCE = 60
_REAP = "reap"
_SUBREAPER = 36  # <linux/prctl.h>
_NEWEST = {
    "ID": "newest",
    "Filter": {"Prefix": ""},
    "Status": "Enabled",
    "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 1},
}


def measure(rows: int) -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "newest.json").write_text(json.dumps({"Rules": [_NEWEST]}))
        references = folder / "refs.jsonl"
        made = {"current versions": current_versions, "all versions": all_versions}
        for what, write in made.items():
            manifest = write(folder / what.replace(" ", "-"), rows)
            if not references.exists():
                write_references(manifest.parent, references, rows // OBJECTS_OF_A_REFERENCE)
            for data in (manifest.parent / "data").iterdir():
                data.rename(manifest.parent / data.name)  # where the key says
            sum_up = ["--summary", "ours.parquet"]
            together = [*sum_up, "--for", "newest.json"]
            alone = _audit(manifest, f"{manifest.parent.name}-1", [], folder)
            yield Figure(f"{rows:,} {what}, audit", alone, "s of a processor")
            with_summary = _audit(manifest, f"{manifest.parent.name}-2", sum_up, folder)
            yield Figure("  the summary adds", with_summary - alone, "s of a processor")
            if what == "all versions":
                exact = _audit(manifest, f"{manifest.parent.name}-3", together, folder)
                yield Figure("  for rules by versions it adds", exact - alone, "s of a processor")
            _is_that_of_one_machine(manifest, sum_up, folder)


def _audit(manifest: Path, out: str, options: Sequence[str], folder: Path) -> float:
    """Seconds of processor time, of all processes."""
    audit = [sys.executable, "-m", "firnline.cli.gc_audit_on_spark", str(manifest), *options]
    audit += ["--references", "refs.jsonl", "--unneeded", str(folder / out), "--sums", "sums.json"]
    quiet = "--conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false"
    here = "--conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1"
    checkout = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, __file__, _REAP, *audit],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((checkout, str(install.spark()))),
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_SUBMIT_ARGS": f"--master local[2] {quiet} {here} pyspark-shell",
        },
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])


def _is_that_of_one_machine(manifest: Path, sum_up: Sequence[str], folder: Path) -> None:
    command = [sys.executable, "-m", "firnline", "inventory", "summary", str(manifest)]
    subprocess.run([*command, "--into", "one.parquet"], cwd=folder, check=True)
    one, ours = (folder / "one.parquet").read_bytes(), (folder / sum_up[1]).read_bytes()
    assert one == ours, "the summary is another one than that of one machine"


def _reap(command: Sequence[str]) -> int:
    """Prints what the command and all that it starts take: Spark leaves Java to its parent."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    begun = subprocess.Popen(command)
    status = 1
    while True:
        try:
            process, ended = os.wait()
        except ChildProcessError:
            break
        if process == begun.pid:
            status = os.waitstatus_to_exitcode(ended)
    used = getrusage(RUSAGE_CHILDREN)
    print(used.ru_utime + used.ru_stime)
    return status


def main(words: Sequence[str]) -> int:
    if words[:1] == [_REAP]:
        return _reap(words[1:])
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    for figure in measure(parser.parse_args(words).rows):
        print(figure, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
