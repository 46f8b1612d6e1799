"""Does another stack of the project answer for a bucket that this one is about to take up?"""

from __future__ import annotations

from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.fleet.ownership import is_ours
from firnline.s3.model import RuleSet
from firnline.targets.pulumi_aws.write import Write

TWO_STACKS = Kind(
    code="FL715",
    name="two-stacks",
    severity=Severity.ERROR,
    title="two stacks of a project answer for the same buckets",
    why=(
        "A bucket has one lifecycle configuration. Each of two stacks compares with a state of its"
        " own, so that one writes again what the other one has changed, and both report success."
    ),
    help="name each account in the `firnline:accounts` of one stack",
    # The accounts that each stack names.
    wrong="Pulumi.prod.yaml: [prod]\nPulumi.all.yaml: [staging, prod]\n",
    right="Pulumi.prod.yaml: [prod]\nPulumi.all.yaml: [staging]\n",
)
MOVE: Final = (
    "to move an account, take it out of the `firnline:accounts` of the stack that loses it, and run"
    " `pulumi up` there first, which leaves the rules live; then run `pulumi up` in the other one,"
    " which names it already"
)


def in_another(live: RuleSet | None, write: Write) -> Diagnostic | None:
    """Why this stack must not begin to write a bucket on which rules of ours are live."""
    has_ours = any(is_ours(rule.id, write.namespace) for rule in (live.rules if live else ()))
    if write.written is not None or write.other_stack is None or not has_ours:
        return None
    return TWO_STACKS.at(
        write.place,
        f"this stack never wrote `{write.bucket}`, and it is in the state of the stack"
        f" `{write.other_stack}`",
        remedy=Advise(MOVE),
    )
