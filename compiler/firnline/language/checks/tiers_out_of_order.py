"""Does a retention enter its tiers in order: warm, then cold, then archive?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import BeginAfter, Drop
from firnline.language.check import Check, Subject
from firnline.language.checks.timelines import timelines
from firnline.language.model import Policy

TIERS_OUT_OF_ORDER = Kind(
    code="FL214",
    name="tiers-out-of-order",
    severity=Severity.ERROR,
    title="a colder tier begins no later than a warmer one",
    why="S3 moves objects only towards colder classes, at strictly ascending ages.",
    help="let the colder tier begin later, or drop one of the two",
    wrong=(
        "retain: {models: {prefix: models/, warm_after: 60d, cold_after: 30d, delete_after: 365d}}"
    ),
    right=(
        "retain: {models: {prefix: models/, warm_after: 30d, cold_after: 60d, delete_after: 365d}}"
    ),
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    for timeline in timelines(policy):
        for earlier, later in pairwise(timeline.moves):
            if later.after <= earlier.after:
                yield TIERS_OUT_OF_ORDER.at(
                    later.span,
                    f"`{later.tier}` begins at {later.after}, but `{earlier.tier}` only"
                    f" at {earlier.after}",
                    also=[(earlier.span, f"`{earlier.tier}` begins here")],
                    remedy=(BeginAfter(later.tier, str(earlier.after)), Drop(earlier.tier)),
                )


CHECK = Check(Subject.POLICY, check, (TIERS_OUT_OF_ORDER,))
