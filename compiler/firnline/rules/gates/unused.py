"""Which approvals does nothing need?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.approvals import Approval, ApprovalsFile
from firnline.rules.diff.items import Comparison
from firnline.rules.diff.words import in_words
from firnline.rules.gates.approved import LONGEST_EMERGENCY, Judged, is_beyond
from firnline.rules.gates.gate import GatedItem
from firnline.rules.gates.rules_go import gone

APPROVAL_UNUSED = Kind(
    code="FL416",
    name="approval-unused",
    severity=Severity.WARNING,
    title="an approval is no longer needed",
    why=(
        "An approval that nothing needs would open a gate if the same change came again, long after"
        " anybody looked at it. While what it approves is what the policies say, it is kept for the"
        " deployments that have still to bring it."
    ),
    help="remove it",
    wrong=(
        "firnline: approvals/v1\napprovals:\n  - item: sha256:…\n    to: delete 18d\n"
        "    until: 2026-01-31\n"
    ),
    right="firnline: approvals/v1\n",
)


def unused(
    files: Sequence[ApprovalsFile],
    judged: Judged,
    now: Comparison,
    first: Sequence[GatedItem],
    today: date,
) -> Iterator[Diagnostic]:
    """`now` compares nothing with the policies, and `first` are the gates of that: what they say is
    still to be deployed somewhere.
    """
    used = set(map(id, judged.used))
    in_effect = {in_words(item.change)[1] for item in now.items} | {item.new for item in first}
    in_effect |= {gone(rule) for _, after in now.pairs.values() for rule in after.going}
    for file in files:
        for approval in file.approvals:
            if id(approval) in used:
                continue
            if approval.until.value <= today:
                said = f"it ended on {approval.until.value}"
            elif approval.new in in_effect:
                continue
            else:
                said = f"what it approves for {_what(approval)} is not what the policies say"
            yield APPROVAL_UNUSED.at(approval.item.span, f"no change needs it: {said}")
        for emergency in file.emergencies:
            if is_beyond(emergency, today):
                most = LONGEST_EMERGENCY.days
                said = f"an emergency lasts {most} days at most, and this one opens nothing"
                yield APPROVAL_UNUSED.at(emergency.until.span, said)
            elif emergency.until.value <= today:
                said = f"this emergency ended on {emergency.until.value}"
                yield APPROVAL_UNUSED.at(emergency.until.span, said)


def _what(approval: Approval) -> str:
    return f"`{approval.retention}`" if approval.retention else "these buckets"
