"""The differences of two configurations, and the proof of policies: 1,000 rules; 1,000 buckets."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from benchmarks.figure import Figure, seconds
from firnline.language.read_files import read_files
from firnline.rules.coverage import programs_of
from firnline.rules.diff.changes import changes
from firnline.rules.diff.items import BucketNotAnalysed, compare
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.lower import lower
from firnline.rules.prove.meets import proved
from firnline.s3.compare.same import differences
from firnline.s3.model import Filter, Rule, RuleSet, Transition
from firnline.s3.terms import Days, StorageClass

RULES = 1_000


def measure() -> Iterator[Figure]:
    one, other = configuration(RULES, seed=1), configuration(RULES, seed=2)
    changed = with_one_changed(one)
    for what, bound, pair in (
        ("one rule changed", 20.0, (one, changed)),
        ("unrelated", 500.0, (one, other)),
    ):
        spent = min(seconds(partial(_exhaust, *pair)) for _ in range(5))
        yield Figure(f"the same? {RULES:,} rules, {what}", 1000 * spent, "ms", bound)
    spent = min(
        seconds(lambda: changes(BucketConfig(one), BucketConfig(changed))) for _ in range(5)
    )
    yield Figure(f"changes, {RULES:,} rules, one changed", 1000 * spent, "ms", 20.0)
    spent = min(seconds(lambda: changes(BucketConfig(one), BucketConfig(other))) for _ in range(3))
    yield Figure(f"changes, {RULES:,} rules, unrelated: owners, scopes", 1000 * spent, "ms")
    yield from _growth()
    yield from _meets()
    yield from _too_many()


def configuration(rules: int, seed: int) -> RuleSet:
    """Five rules for each prefix; three of ten with a tag, half with a size."""
    chosen = random.Random(seed)
    return RuleSet(tuple(_rule(chosen, number, rules) for number in range(rules)))


def with_one_changed(rules: RuleSet) -> RuleSet:
    first, *others = rules.rules
    return replace(rules, rules=(replace(first, expires=Days(77)), *others))


def _rule(chosen: random.Random, number: int, rules: int) -> Rule:
    prefix = f"team-{chosen.randrange(max(rules // 5, 1))}/"
    if chosen.random() < 0.5:
        prefix += f"sub-{chosen.randrange(4)}/"
    tags = ((f"k{chosen.randrange(3)}", f"v{chosen.randrange(3)}"),)
    return Rule(
        f"rule-{number}",
        Filter(
            prefix,
            tags if chosen.random() < 0.3 else (),
            chosen.choice([99_999, 2**20]) if chosen.random() < 0.5 else None,
        ),
        transitions=(Transition(Days(chosen.randrange(30, 60)), StorageClass("GLACIER_IR")),),
        expires=Days(chosen.randrange(90, 400)),
    )


def _exhaust(one: RuleSet, other: RuleSet) -> None:
    for _ in differences(one, other):
        pass


def _growth() -> Iterator[Figure]:
    first = None
    for rules in (10, 100, 1_000):
        one, other = configuration(rules, seed=1), configuration(rules, seed=2)
        spent = min(seconds(partial(_exhaust, one, other)) for _ in range(3)) / rules
        first = first or spent
        yield Figure(f"unrelated, {rules:,} rules: time per rule", 1e6 * spent, "µs")
        yield Figure(f"unrelated, {rules:,} rules: against the fewest", spent / first, "×")


def _meets() -> Iterator[Figure]:
    buckets, retentions = 1_000, 25
    files = {f"p{number}.yaml": _policy(number, retentions) for number in range(buckets)}
    folder, found = read_files(files)
    assert not found, found
    programs = list(programs_of(folder))
    compiled = [(program, lower(program)) for program in programs]
    assert len(compiled) == buckets

    def prove() -> None:
        for program, rules in compiled:
            proved(program, rules)

    rules = sum(len(rules.rules) for _, rules in compiled) // buckets
    yield Figure(f"prove {buckets:,} buckets, {rules} rules each", seconds(prove), "s", 5.0)


def _policy(number: int, retentions: int) -> bytes:
    head = (
        f"firnline: policy/v1\npolicy: p{number}\nowner: lab\nwhy: a benchmark\n"
        f"applies_to: [{{account: lab, buckets: b{number}}}]\nversioning: enabled\nretain:\n"
    )
    body = "".join(
        f"  r{each}: {{prefix: team/{each}/, warm_after: 30d, delete_after: {90 + each}d,"
        " old_versions: {delete_after: 7d}}\n"
        for each in range(retentions)
    )
    return (head + body).encode()


def _too_many() -> Iterator[Figure]:
    """In a process of its own, so that its memory is its own."""
    command = [sys.executable, "-c", "from benchmarks.differences import give_up; give_up()"]
    spent, ran = 0.0, None

    def run() -> None:
        nonlocal ran
        ran = subprocess.run(command, capture_output=True, text=True, check=True)

    spent = seconds(run)
    assert ran is not None
    megabytes = int(ran.stdout)
    yield Figure(f"{RULES:,} rules, 20 tag keys: FL906, with Python's start", spent, "s", 5.0)
    yield Figure(f"{RULES:,} rules, 20 tag keys: memory at most", megabytes, "MiB", 1024)


def give_up() -> None:
    """Prints the most memory that was in use, in MiB."""
    tagged = tuple(
        Rule(str(n), Filter("x/", ((f"k{n % 20}", f"v{n // 20}"),)), expires=Days(n + 1))
        for n in range(RULES)
    )
    try:
        compare(
            {"a/b/c": BucketConfig(RuleSet(tagged))}, {"a/b/c": BucketConfig(RuleSet(tagged[1:]))}
        )
    except BucketNotAnalysed:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    else:
        raise AssertionError("so many tags were analysed")
