"""Is anything deleted at the age of no days?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.checks.timelines import every_clocks
from firnline.language.model import Policy

ZERO_DAY_DELETE = Kind(
    code="FL208",
    name="zero-day-delete",
    severity=Severity.ERROR,
    title="S3 deletes after one day at the earliest",
    why=(
        "S3 refuses a day count of 0 for anything that deletes (InvalidArgument: must be a positive"
        " integer); only moves may happen at 0d."
    ),
    help="write 1d",
    wrong="retain: {tmp: {prefix: tmp/, delete_after: 0d}}",
    right="retain: {tmp: {prefix: tmp/, delete_after: 1d}}",
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    for clocks in every_clocks(policy):
        ends = [each.delete for each in (clocks.objects, clocks.old_versions) if each]
        for said in (*ends, clocks.uploads):
            if said is not None and said.value == 0:
                yield ZERO_DAY_DELETE.at(said.span, "S3 takes 1d at the earliest here")
