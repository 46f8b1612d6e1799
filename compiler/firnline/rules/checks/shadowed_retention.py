"""Would the rules do the same to every object without a retention?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject, Turn
from firnline.rules.program import Program
from firnline.rules.prove.idle import idle_retentions

SHADOWED_RETENTION = Kind(
    code="FL305",
    name="shadowed-retention",
    severity=Severity.WARNING,
    title="removing this retention changes nothing for any object",
    why=(
        "A wider retention requires the same of everything it covers. A person who changes one of"
        " the two will not know of the other, and its rules count against S3's 1,000."
    ),
    help="remove it, or change what should be different here",
    wrong="""\
retain:
  logs: {prefix: logs/, delete_after: 30d}
  old-logs: {prefix: logs/2019/, delete_after: 30d}
""",
    right="""\
retain:
  logs: {prefix: logs/, delete_after: 30d}
  old-logs: {prefix: logs/2019/, delete_after: 7d}
""",
)


def check(program: Program) -> Iterator[Diagnostic]:
    for retention, instead in idle_retentions(program):
        if _is_overridden(program, retention.name.span.path):
            continue  # it may matter in other buckets
        yield SHADOWED_RETENTION.at(
            retention.name.span,
            f"{instead.unit.called} requires the same of everything this covers",
            also=[(instead.unit.span, "and covers it too")],
        )


CHECK = Check(Subject.PROGRAM, check, (SHADOWED_RETENTION,), turn=Turn.LAST)


def _is_overridden(program: Program, path: str) -> bool:
    return any(
        policy.overridden is not None
        for policy in program.policies
        if policy.name.span.path == path
    )
