"""Do two retentions own the same objects, neither of them the narrower one?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import WriteRetention
from firnline.language.check import Check, Subject
from firnline.rules.checks.never_versioned import judged
from firnline.rules.checks.sections import section_of
from firnline.rules.checks.words import witness
from firnline.rules.program import Owned, Program
from firnline.rules.prove.interference import Undecided, interference

AMBIGUOUS_OVERLAP = Kind(
    code="FL302",
    name="ambiguous-overlap",
    severity=Severity.ERROR,
    title="two retentions require different actions on the same objects",
    why=(
        "The retention with the narrower filter applies. Each of these two covers objects that"
        " the other does not, so neither is the narrower one, and S3 would apply both."
    ),
    help="add a retention with both filters that defines what happens to these objects",
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
            yield judged(_diagnostic(program, each), program, each.clock)


CHECK = Check(Subject.PROGRAM, check, (AMBIGUOUS_OVERLAP,))


def _diagnostic(program: Program, undecided: Undecided) -> Diagnostic:
    first, second = sorted(
        undecided.claimants, key=lambda each: (each.unit.span.path, each.unit.span.start)
    )
    return AMBIGUOUS_OVERLAP.at(
        second.unit.span,
        f"{second.unit.called} covers {undecided.clock.value} here",
        also=[(first.unit.span, f"{first.unit.called} also covers some of them")],
        notes=[f"for example {witness(program, undecided)}"],
        remedy=_retention_for_both(first, second),
    )


def _retention_for_both(first: Owned, second: Owned) -> WriteRetention:
    shared = first.scope.shared_with(second.scope)
    assert shared is not None, "they have objects in common"
    names = [each.unit.retention.name.value for each in (second, first) if each.unit.retention]
    return WriteRetention(
        both=(section_of(first.unit), section_of(second.unit)),
        name="-".join(names),
        prefix=shared.prefix,
        tags=shared.tags,
        over=shared.at_least - 1 if shared.at_least > 1 else None,
        under=shared.at_most + 1 if shared.at_most is not None else None,
        called=str(shared),
    )
