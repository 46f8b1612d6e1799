"""Which gates of policies that need nothing to compare with wait for an approval?"""

from __future__ import annotations

from datetime import date

from firnline.cli.gates import that_count
from firnline.cli.snapshots import snapshot_of_policies
from firnline.diagnostics.kinds import Diagnostic, Severity, by_place
from firnline.language.project import Project
from firnline.pipeline import Compilation
from firnline.rules.diff.items import BucketNotAnalysed, compare
from firnline.rules.gates.approved import judge
from firnline.rules.gates.standing import standing, still_open


def with_standing_gates(compilation: Compilation, project: Project) -> tuple[Diagnostic, ...]:
    """All that was found, without the gates that approvals open, if these have a code owner; each
    as grave as the project has it. Raises `BadSettings`.
    """
    gates = [each for each in compilation.diagnostics if each.severity is Severity.GATE]
    if compilation.failed or not gates:
        return compilation.diagnostics
    try:
        now = compare({}, snapshot_of_policies(compilation).snapshot)
    except BucketNotAnalysed:  # what an approval would be bound to is not known
        return compilation.diagnostics
    files, _ = that_count(compilation.folder.approvals, None, project)
    states = standing(gates, compilation.folder.policies, now)
    judged = judge([item for each in states for item in each.items], files, date.today())
    others = [each for each in compilation.diagnostics if each.severity is not Severity.GATE]
    return by_place([*others, *still_open(states, judged.items, project.gates)])
