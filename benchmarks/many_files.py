"""1,000 rules in 100 policy files: the whole compile against merely reading the text as YAML."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from functools import partial

import yaml

from benchmarks.figure import Figure, in_turn
from benchmarks.large_fleet import RETENTIONS_PER_POLICY, fleet, retention
from firnline.pipeline import compile_files

POLICIES, RETENTIONS = 100, 10
ROUNDS = 7


def measure() -> Iterator[Figure]:
    few = fleet(POLICIES, "".join(retention(number) for number in range(RETENTIONS)))
    spent, _, ratio = in_turn(partial(_compile, few), partial(_read, few), ROUNDS)
    yield Figure(f"{POLICIES * RETENTIONS:,} rules in {POLICIES} policy files", spent, "s")
    yield Figure("  against PyYAML's C reader on the same text", ratio, "×", 6.0)
    many = fleet(POLICIES * RETENTIONS // RETENTIONS_PER_POLICY)
    _, _, ratio = in_turn(partial(_compile, few), partial(_compile, many), ROUNDS)
    yield Figure("  against as many rules in a tenth of the files", ratio, "×", 2.0)


def _compile(files: Mapping[str, bytes]) -> None:
    gc.disable()  # as every command does
    try:
        compilation = compile_files(files)
    finally:
        gc.enable()
    assert not compilation.failed
    assert sum(len(each.rules.rules) for each in compilation.buckets) > 1_000


def _read(files: Mapping[str, bytes]) -> None:
    for content in files.values():
        yaml.load(content, yaml.CSafeLoader)
