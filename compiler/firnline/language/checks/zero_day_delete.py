"""Is anything deleted at the age of no days?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.fix import Fix
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import WriteValue
from firnline.language.check import Check, Subject
from firnline.language.checks.timelines import every_clocks
from firnline.language.model import Policy, Timeline
from firnline.language.rewrite import rewrite
from firnline.language.said import Said
from firnline.language.units import After

ZERO_DAY_DELETE = Kind(
    code="FL208",
    name="zero-day-delete",
    severity=Severity.ERROR,
    title="S3 deletes after one day at the earliest",
    why=(
        "S3 refuses a day count of 0 for anything that deletes (InvalidArgument: must be a positive"
        " integer); only transitions may happen at 0d."
    ),
    help="write 1d",
    wrong="uploads: {abort_after: 0d}",
    right="uploads: {abort_after: 1d}",
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    for clocks in every_clocks(policy):
        ends = [(each.delete, each) for each in (clocks.objects, clocks.old_versions) if each]
        for said, timeline in (*ends, (clocks.uploads, None)):
            if said is not None and said.value == 0:
                message = "S3 accepts 1d at the earliest here"
                fix = _one_day(said, timeline)
                yield ZERO_DAY_DELETE.at(said.span, message, remedy=WriteValue("1d"), fix=fix)


CHECK = Check(Subject.POLICY, check, (ZERO_DAY_DELETE,))


def _one_day(said: Said[After], timeline: Timeline | None) -> Fix | None:
    """Not safe: elsewhere 0 means never, and then 1d would delete what was meant to stay.

    None where a transition happens at 1d or later, as it would then never happen.
    """
    if timeline is not None and any(move.after >= 1 for move in timeline.moves):
        return None
    fixes = (rewrite(said.span, f"0{unit}", "1d", safe=False) for unit in "dwy")
    return next((fix for fix in fixes if fix), None)
