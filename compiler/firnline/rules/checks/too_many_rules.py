"""Does a bucket need more rules than S3 accepts?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Subject
from firnline.language.said import Said
from firnline.rules.lower import lower, rules_of
from firnline.rules.program import Program
from firnline.s3.law.limits import MOST_RULES

TOO_MANY_RULES = Kind(
    code="FL201",
    name="too-many-rules",
    severity=Severity.ERROR,
    title="a bucket needs more rules than S3 accepts",
    why="S3 accepts 1,000 rules for a bucket and refuses the whole configuration beyond that.",
    help="use fewer prefixes",
    wrong="retain: {runs: {prefix: ["
    + ", ".join(f"run-{number}/" for number in range(1001))
    + "], delete_after: 7d}}",
    right="retain: {runs: {prefix: [run-0/, run-1/], delete_after: 7d}}",
)


def check(program: Program) -> Iterator[Diagnostic]:
    needed = len(lower(program).rules)
    if needed <= MOST_RULES:
        return
    by_entry = Counter[Said[str]]()
    for unit in program.units:
        name = unit.retention.name if unit.retention else unit.policy.name
        by_entry[name] += len(rules_of(unit, program.namespace))
    largest, its_rules = by_entry.most_common(1)[0]
    has_most = 2 * its_rules >= needed
    yield TOO_MANY_RULES.at(
        largest.span,
        f"`{program.example}` needs {needed:,} rules; S3 accepts {MOST_RULES:,}",
        notes=[f"`{largest.value}` alone makes {its_rules:,}"] if has_most else [],
        remedy=Advise(f"use fewer prefixes: S3 allows {MOST_RULES:,} rules for a bucket"),
    )


CHECK = Check(Subject.PROGRAM, check, (TOO_MANY_RULES,))
