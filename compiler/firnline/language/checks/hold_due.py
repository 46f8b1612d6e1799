"""Is it time to review whether a hold is still needed?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Needs, Subject
from firnline.language.model import Policy

HOLD_DUE = Kind(
    code="FL610",
    name="hold-due",
    severity=Severity.WARNING,
    title="a hold is due for review",
    why=(
        "A hold never ends by itself. It keeps data that should be deleted, at your cost, until a"
        " person removes it. Removing it starts deletions."
    ),
    help="remove the hold if the person who ordered it agrees, or move `ask_again`",
    wrong=(
        "holds: {lit-7: {prefix: mail/, ask_again: 2020-12-31, why: discovery request,"
        " approved_by: legal}}"
    ),
    right=(
        "holds: {lit-7: {prefix: mail/, ask_again: 2999-12-31, why: discovery request,"
        " approved_by: legal}}"
    ),
)


def check(policy: Policy, today: date) -> Iterator[Diagnostic]:
    for hold in policy.holds:
        if hold.ask_again is not None and hold.ask_again.value <= today:
            message = f"`{hold.name.value}` was due for review on {hold.ask_again.value}"
            remedy = Advise(f"remove the hold if {hold.approved_by} agrees, or move `ask_again`")
            yield HOLD_DUE.at(
                hold.ask_again.span, message, remedy=remedy if hold.approved_by else None
            )


CHECK = Check(Subject.POLICY, check, (HOLD_DUE,), needs=(Needs.TODAY,))
