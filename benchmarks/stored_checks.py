"""What policies miss of 98 million objects, by a summary of 4,800 groups and one of 96,000."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from statistics import median

from benchmarks.figure import Figure, processor_seconds
from benchmarks.listings import RULES
from benchmarks.summaries import MADE, PREFIXES, bucket_of
from firnline.inventory.checks.seen import Seen, look
from firnline.inventory.checks.stored_findings import stored_findings
from firnline.inventory.coverage.of_summary import SummaryPopulation
from firnline.inventory.coverage.uncovered import Place, coverage_of
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.inventory.summary.summary import BucketSummary
from firnline.language.age_settings import DEFAULT_INVENTORY
from firnline.pipeline import compile_files
from firnline.s3.read_shape import read_configuration

ROUNDS = 5
_SPREAD = 20
_HEAD = """\
firnline: policy/v1
policy: lab
owner: lab
why: what the lab leaves behind
applies_to: [{account: lab, buckets: lab}]
versioning: off
uploads: {abort_after: 3d}
retain:
"""


def measure() -> Iterator[Figure]:
    small = bucket_of(read_configuration(RULES))
    for summary, bound in ((small, 200.0), (_spread(small), 2_000.0)):
        groups = f"{len(summary.stacks):,} groups"
        yield _figure(f"findings, {groups}", partial(_found, summary), bound)
        yield _figure(f"coverage, {groups}", partial(_covered, summary), bound)


def _figure(name: str, run: Callable[[], None], bound: float) -> Figure:
    return Figure(name, median(processor_seconds(run) for _ in range(ROUNDS)) * 1_000, "ms", bound)


def _spread(summary: BucketSummary) -> BucketSummary:
    """The same objects in so many folders more."""
    parts = range(_SPREAD)
    stacks = tuple(
        tuple(
            row._replace(
                prefix=f"{row.prefix}{part:02}/",
                objects=row.objects // _SPREAD,
                bytes=row.bytes // _SPREAD,
                padded=row.padded // _SPREAD,
            )
            for row in stack
        )
        for stack in summary.stacks
        for part in parts
    )
    folders = {f"{prefix}{part:02}/" for prefix in PREFIXES for part in parts}
    prefixes = tuple(sorted({*summary.cut.prefixes, *folders}))
    return replace(summary, cut=replace(summary.cut, prefixes=prefixes), stacks=stacks)


_POLICY = _HEAD + "\n".join(
    f"  r{place}: {{prefix: {prefix}, delete_after: {90 + place}d}}"
    for place, prefix in enumerate((*PREFIXES[:2], "model/"))
)
(_BUCKET,) = compile_files({"policies/p.yaml": _POLICY.encode()}).buckets


def _found(summary: BucketSummary) -> None:
    assert _BUCKET.program is not None
    seen = look("lab", _BUCKET.program, SummaryPopulation(summary), "`lab`", MADE)
    today = date(2026, 11, 29)
    found = {each.kind.code for each in stored_findings(Seen((seen,)), today, DEFAULT_INVENTORY)}
    assert found == {"FL315", "FL317"}


def _covered(summary: BucketSummary) -> None:
    place = Place("lab", "us-east-1", _BUCKET.program, US_EAST_1)
    found = coverage_of(place, SummaryPopulation(summary), "`lab`", MADE.date())
    assert found.uncovered.volume.objects > 40_000_000
