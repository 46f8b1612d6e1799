"""Does a bucket need more rules than S3 accepts?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
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
    help="combine entries under a shared prefix",
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
    most = f"`{largest.value}` alone makes {its_rules:,}"
    if 2 * its_rules < needed:  # no policy needs most of them
        most = f"they come from {len(by_entry):,} entries, each with at most {its_rules:,}"
    yield TOO_MANY_RULES.at(
        largest.span,
        f"`{program.example}` needs {needed:,} rules; S3 accepts {MOST_RULES:,}",
        notes=[most],
    )


CHECK = Check(Subject.PROGRAM, check, (TOO_MANY_RULES,))
