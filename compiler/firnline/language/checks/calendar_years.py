"""Is a number of days shorter than the years that are probably meant?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import WriteValue
from firnline.language.check import Check, Subject
from firnline.language.checks.timelines import timelines
from firnline.language.model import Policy
from firnline.language.rewrite import rewrite
from firnline.language.units import parse_duration

CALENDAR_YEARS = Kind(
    code="FL609",
    name="calendar-years",
    severity=Severity.WARNING,
    title="a number of days is shorter than the years it stands for",
    why=(
        "Every fourth year has 366 days, so 2,555 days end up to two days before seven years are"
        " over. `7y` is 2,557 days."
    ),
    help="write years where years are meant",
    wrong="retain: {invoices: {prefix: invoices/, delete_after: 2555d}}",
    right="retain: {invoices: {prefix: invoices/, delete_after: 7y}}",
)
# `365d` and `730d` are common for one and two years, where the leap day does not matter; more than
# a century means never.
_YEARS = range(3, 101)


def check(policy: Policy) -> Iterator[Diagnostic]:
    for timeline in timelines(policy):
        if timeline.ends is None or timeline.delete is None:
            continue
        years = timeline.ends // 365
        if years not in _YEARS:
            continue
        missing = parse_duration(f"{years}y") - timeline.ends
        if missing > 0:
            span = timeline.delete.span
            yield CALENDAR_YEARS.at(
                span,
                f"{int(timeline.ends):,} days can be {missing} short of {years} years",
                remedy=WriteValue(f"{years}y", only_if="years are meant"),
                # Not safe: it deletes later.
                fix=rewrite(span, str(timeline.ends), f"{years}y", safe=False),
            )


CHECK = Check(Subject.POLICY, check, (CALENDAR_YEARS,))
