"""What does a change need an approval for, and what is to be said of its approvals?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from firnline.cli.base_snapshot import Base
from firnline.cli.gates import that_count
from firnline.cli.snapshot_keys import ReadSnapshot
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.language.approvals import ApprovalsFile
from firnline.language.project import Project
from firnline.rules.diff.items import BucketNotAnalysed, Comparison, compare
from firnline.rules.gates.approved import Judged, judge
from firnline.rules.gates.find import gated_items
from firnline.rules.gates.gate import Circumstances, GatedItem
from firnline.rules.gates.owner import in_emergency
from firnline.rules.gates.standing import standing, still_open
from firnline.rules.gates.unused import unused


@dataclass(frozen=True, slots=True)
class ReviewGates:
    """`items` are of the change, with what the approvals open, if these have a code owner.
    `standing` are the gates that are open whatever changed, and `remarks` are about the approvals.
    """

    items: tuple[GatedItem, ...]
    standing: tuple[Diagnostic, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()


def gates_between(
    around: Circumstances, after: ReadSnapshot, base: Base | None, project: Project
) -> ReviewGates:
    """Those between two snapshots. Raises `NoBaseCommit`, `BadSettings`."""
    items = gated_items(around)
    gates = [each for each in after.warnings if each.severity is Severity.GATE]
    files, today = after.approvals, date.today()
    now = _now(after) if gates or files else None
    policies = after.compilation.folder.policies if after.compilation else ()
    states = standing(gates, policies, now) if now else ()
    every = [*items, *(item for each in states for item in each.items)]
    counting, remarks = that_count(files if every else (), base, project)
    judged = judge(every, counting, today)
    count = len(items)
    still = still_open(states, judged.items[count:], project.gates) if now else iter(gates)
    remarks += in_emergency(judged.emergencies)
    if now is not None and counting:
        remarks += _unused(counting, judged, now, around, today)
    return ReviewGates(judged.items[:count], tuple(still), tuple(remarks))


def _now(after: ReadSnapshot) -> Comparison | None:
    """Nothing, compared with the policies."""
    try:
        return compare({}, after.snapshot)
    except BucketNotAnalysed:  # what an approval would be bound to is not known
        return None


def _unused(
    files: Sequence[ApprovalsFile],
    judged: Judged,
    now: Comparison,
    around: Circumstances,
    today: date,
) -> Iterator[Diagnostic]:
    first = gated_items(Circumstances(around.base, now, around.settings))
    yield from unused(files, judged, now, first, today)
