"""Does a bucket need more rules than S3 takes?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.rules.law import MOST_RULES
from firnline.rules.lower import lower
from firnline.rules.program import Program

TOO_MANY_RULES = Kind(
    code="FL201",
    name="too-many-rules",
    severity=Severity.ERROR,
    title="a bucket needs more rules than S3 takes",
    why="S3 takes 1,000 rules for a bucket and refuses the whole configuration beyond that.",
    help="let entries share a prefix, or let one retention end where its parent's prefix begins",
    wrong="retain: {runs: {prefix: ["
    + ", ".join(f"run-{number}/" for number in range(1001))
    + "], delete_after: 7d}}",
    right="retain: {runs: {prefix: [run-0/, run-1/], delete_after: 7d}}",
)


def check(program: Program) -> Iterator[Diagnostic]:
    needed = len(lower(program).rules)
    if needed <= MOST_RULES:
        return
    largest = max(program.policies, key=lambda each: sum(len(r.prefixes) for r in each.retentions))
    wide = max(largest.retentions, key=lambda each: len(each.prefixes))
    yield TOO_MANY_RULES.at(
        wide.name.span,
        f"`{program.example}` needs {needed:,} rules; S3 takes {MOST_RULES:,}",
        notes=[f"`{wide.name.value}` alone has {len(wide.prefixes):,} prefixes"],
    )
