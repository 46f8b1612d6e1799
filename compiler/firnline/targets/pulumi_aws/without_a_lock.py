"""Does a policy say of rules of others what only the fleet lock can bring about?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.model import ForeignRules, Policy
from firnline.language.said import Said

WITHOUT_A_LOCK: Final = Kind(
    code="FL730",
    name="without-a-lock",
    severity=Severity.ERROR,
    title="a program without a fleet lock can neither keep rules of others nor let them go",
    why=(
        "Which rules of others stay or go is approved as `firnline resolve` found them, in the"
        " fleet lock. A program that deploys a policy file alone has no lock: there every live"
        " rule that Firnline did not write stops the write, whatever the policy says of it."
    ),
    help=(
        "take the key out, and write the rules that `firnline compile --bucket NAME --out s3-json`"
        " prints in place of the live ones yourself, under the program's namespace, before"
        " `pulumi up`; or manage the bucket with a fleet file and `firnline resolve`"
    ),
    # Of a policy that `rules_from` reads.
    wrong="adopts: [old-logs]",
    right="foreign_rules: refuse",
)


def check_without_a_lock(policies: Iterable[Policy]) -> Iterator[Diagnostic]:
    for policy in policies:
        if policy.adopts:
            yield _no_effect(policy.adopts[0], "adopts")
        said = policy.foreign_rules
        if said is not None and said.value is not ForeignRules.REFUSE:
            yield _no_effect(said, f"foreign_rules: {said.value.value}")


def _no_effect(said: Said[str] | Said[ForeignRules], key: str) -> Diagnostic:
    return WITHOUT_A_LOCK.at(
        said.span, f"`{key}` has no effect in a program that deploys a policy file without a lock"
    )
