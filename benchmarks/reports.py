"""`firnline report` of 100,000,000 objects from a saved summary, as a page and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from statistics import median
from subprocess import run
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, processor_seconds
from benchmarks.summaries import MADE, row_of
from firnline.inventory.summary.cut import cut_for
from firnline.inventory.summary.file import to_parquet
from firnline.inventory.summary.rows import AgesBy
from firnline.inventory.summary.summary import BucketSummary, Summary
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.terms import Days

OBJECTS = 100_000_000
ROUNDS = 3
TEAMS, RUNS, WEEKS = 20, 50, 20
SIZES = (1_000,)
_POLICY = """\
firnline: policy/v1
policy: lake
owner: data-platform
why: a benchmark
applies_to: [{account: "123456789012", buckets: [lab]}]
versioning: enabled
uploads: {abort_after: 7d}
retain:
"""
_RETENTION = (
    "  t{team}: {{prefix: team-{team}/, warm_after: 30d, delete_after: 90d,"
    " old_versions: {{delete_after: 7d}}}}\n"
)


def measure() -> Iterator[Figure]:
    groups = TEAMS * RUNS * WEEKS * len(SIZES)
    with TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder)
        for form in ("html", "json"):
            words = ("report", "--summary", "lab.parquet", "--out", f"{form}:report.{form}")

            def report(words: tuple[str, ...] = words) -> None:
                command = [sys.executable, "-m", "firnline", *words, "--as-of", "2026-11-30"]
                run(command, cwd=folder, check=True, capture_output=True)

            spent = median(processor_seconds(report) for _ in range(ROUNDS))
            what = f"{OBJECTS:,} objects in {groups:,} groups, {TEAMS * RUNS:,} prefixes, {form}"
            yield Figure(what, spent, "s", 5.0)
        size = (folder / "report.html").stat().st_size
        yield Figure("  the page", size / 1_000, "kB", 300.0)


def _write(folder: Path) -> None:
    (folder / "policies").mkdir()
    retentions = "".join(_RETENTION.format(team=team) for team in range(TEAMS))
    (folder / "policies/lake.yaml").write_text(_POLICY + retentions)
    (folder / "lab.parquet").write_bytes(to_parquet(Summary((_bucket(),))))


def _bucket() -> BucketSummary:
    runs = [f"team-{team}/run-{number:03}/" for team, number in product(range(TEAMS), range(RUNS))]
    rules = RuleSet(
        tuple(Rule(f"t{team}", Filter(f"team-{team}/"), expires=Days(90)) for team in range(TEAMS))
    )
    cut = cut_for([rules], runs, is_suspended=False, all_versions=True, tags_known=False)
    each = OBJECTS // (len(runs) * WEEKS * len(SIZES))
    stacks = tuple(
        (row_of(prefix, 7 * week, size, each),)
        for prefix, week, size in product(runs, range(WEEKS), SIZES)
    )
    return BucketSummary("lab", MADE, MADE, True, False, cut, AgesBy.DAY, stacks)
