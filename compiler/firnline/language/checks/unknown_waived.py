"""Does a waiver name a retention that the policy does not have?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Subject
from firnline.language.model import Policy
from firnline.language.nearest import did_you_mean
from firnline.language.shape_kinds import UNKNOWN_NAME


def check(policy: Policy) -> Iterator[Diagnostic]:
    known = [retention.name.value for retention in policy.retentions]
    for waiver in policy.waivers:
        named = waiver.retention
        if named is not None and named.value not in known:
            yield UNKNOWN_NAME.at(
                named.span,
                f"this policy has no retention `{named.value}`",
                remedy=did_you_mean(named.value, known)
                or Advise("leave it out to mean the whole policy"),
            )


CHECK = Check(Subject.POLICY, check, (UNKNOWN_NAME,))
