"""Do two retentions own the same objects, neither of them the narrower one?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.rules.checks.words import plural, witness
from firnline.rules.program import Program
from firnline.rules.prove.interference import Undecided, interference

AMBIGUOUS_OVERLAP = Kind(
    code="FL302",
    name="ambiguous-overlap",
    severity=Severity.ERROR,
    title="two retentions ask different things of the same objects",
    why=(
        "The narrower filter owns. Here each of the two has objects that the other has not, so"
        " neither is the narrower one, and S3 would apply both."
    ),
    help="write a retention with both filters that says what holds",
    wrong="""\
retain:
  logs: {prefix: logs/, delete_after: 30d}
  scratch: {prefix: "", tags: {class: scratch}, delete_after: 14d}
""",
    right="""\
retain:
  logs: {prefix: logs/, delete_after: 30d}
  scratch: {prefix: "", tags: {class: scratch}, delete_after: 14d}
  scratch-logs: {prefix: logs/, tags: {class: scratch}, delete_after: 14d}
""",
)


def check(program: Program) -> Iterator[Diagnostic]:
    for each in interference(program):
        if isinstance(each, Undecided):
            yield _finding(program, each)


CHECK = Check(Subject.PROGRAM, check, (AMBIGUOUS_OVERLAP,))


def _finding(program: Program, undecided: Undecided) -> Diagnostic:
    first, second = sorted(
        undecided.claimants, key=lambda each: (each.unit.span.path, each.unit.span.start)
    )
    shared = first.scope.shared_with(second.scope)
    return AMBIGUOUS_OVERLAP.at(
        second.unit.span,
        f"{second.unit.called} speaks of {plural(undecided.clock)} here",
        also=[(first.unit.span, f"{first.unit.called} speaks of some of them too")],
        notes=[f"for example {witness(program, undecided)}"],
        help=f"write a retention for {shared} that says what holds",
    )
