"""`firnline advise` on 100,000,000 objects of a saved summary, by days."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, processor_seconds
from benchmarks.summaries import MADE, row_of
from firnline.inventory.summary.cut import cut_for
from firnline.inventory.summary.file import to_parquet
from firnline.inventory.summary.rows import AgesBy
from firnline.inventory.summary.summary import BucketSummary, Summary
from firnline.s3.model import RuleSet

OBJECTS = 100_000_000
TEAMS, DAYS = 16, 400
SIZES = (1 << 17, 1 << 21, 1 << 27)


def measure() -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "lab.parquet").write_bytes(to_parquet(Summary((_bucket(),))))
        words = ("advise", "--summary", "lab.parquet", "--as-of", "2026-11-30")

        def advise() -> None:
            command = [sys.executable, "-m", "firnline", *words]
            run(command, cwd=folder, check=True, capture_output=True)

        groups = TEAMS * DAYS * len(SIZES)
        what = f"{OBJECTS:,} objects in {groups:,} groups, {TEAMS} prefixes"
        yield Figure(what, processor_seconds(advise), "s", 10.0)


def _bucket() -> BucketSummary:
    prefixes = [f"team-{number}/" for number in range(TEAMS)]
    cut = cut_for([RuleSet(())], prefixes, is_suspended=False, all_versions=True, tags_known=False)
    kinds = list(product(prefixes, range(DAYS), SIZES))
    stacks = tuple((row_of(*kind, OBJECTS // len(kinds)),) for kind in kinds)
    return BucketSummary("lab", MADE, MADE, True, False, cut, AgesBy.DAY, stacks)
