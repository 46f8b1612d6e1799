"""Which warnings are accepted for a while, and which waivers have expired?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity, Waived
from firnline.diagnostics.position import Span
from firnline.language.model import Policy, Waiver
from firnline.language.nearest import did_you_mean
from firnline.language.remove_entry import removal
from firnline.language.said import Said
from firnline.language.shape_kinds import UNKNOWN_NAME

LONGEST = timedelta(days=180)
_LEADING_SLASH = "retain: {r: {prefix: /r/, delete_after: 7d}}\n"

WAIVER_EXPIRED = Kind(
    code="FL604",
    name="waiver-expired",
    severity=Severity.ERROR,
    title="a waiver has ended",
    why="A waiver accepts a warning for a limited time, after which a person reviews it again.",
    help="fix the cause of the warning, or renew the waiver with a new reason",
    wrong=_LEADING_SLASH
    + "waivers: [{code: FL309, why: keys begin with a slash here, expires: 2026-01-31}]",
    right=_LEADING_SLASH
    + "waivers: [{code: FL309, why: keys begin with a slash here, expires: 2027-01-31}]",
)
WAIVER_UNUSED = Kind(
    code="FL605",
    name="waiver-unused",
    severity=Severity.WARNING,
    title="a waiver matches no warning",
    why="A waiver that is not needed would hide the warning if it occurred later.",
    help="remove the waiver; only warnings can be waived, and gates are approved",
    wrong="waivers: [{code: FL309, why: keys begin with a slash here, expires: 2027-01-31}]",
    right=_LEADING_SLASH
    + "waivers: [{code: FL309, why: keys begin with a slash here, expires: 2027-01-31}]",
)
WAIVER_TOO_LONG = Kind(
    code="FL606",
    name="waiver-too-long",
    severity=Severity.ERROR,
    title="a waiver lasts longer than 180 days",
    why="A waiver is meant to be temporary; one that lasts for years would never be reviewed.",
    help="let it expire within 180 days, and renew it then with a reason",
    wrong=_LEADING_SLASH
    + "waivers: [{code: FL309, why: keys begin with a slash here, expires: 2029-01-31}]",
    right=_LEADING_SLASH
    + "waivers: [{code: FL309, why: keys begin with a slash here, expires: 2027-01-31}]",
)


def waive(
    policies: Iterable[Policy],
    found: Iterable[Diagnostic],
    kinds: Iterable[Kind] = (),
    today: date | None = None,
) -> Iterator[Diagnostic]:
    """The diagnostics that no waiver accepts; errors are never waived. With a day, also diagnostics
    about the waivers themselves. `kinds` were checked: whether a waiver of another kind is needed
    is unknown.
    """
    policies = tuple(policies)
    waivers = [(policy, waiver) for policy in policies for waiver in policy.waivers]
    used: set[Span] = set()
    for diagnostic in found:
        accepting = [
            waiver.code.span for policy, waiver in waivers if _accepts(policy, waiver, diagnostic)
        ]
        used.update(accepting)
        if not accepting:
            yield diagnostic
    if waivers and today is not None:
        checked = frozenset(text for kind in kinds for text in (kind.code, kind.name))
        for policy in policies:
            yield from _due(policy, used, checked, today)


def waived(policies: Iterable[Policy], found: Iterable[Diagnostic]) -> Iterator[Waived]:
    """The diagnostics that a waiver accepts, each once."""
    waivers = [(policy, waiver) for policy in policies for waiver in policy.waivers]
    for diagnostic in found if waivers else ():
        accepting = [waiver for policy, waiver in waivers if _accepts(policy, waiver, diagnostic)]
        if accepting:
            yield Waived(diagnostic, accepting[0].why, accepting[0].expires.value)


def _due(
    policy: Policy, used: Collection[Span], checked: Collection[str], today: date
) -> Iterator[Diagnostic]:
    unused = [each for each in policy.waivers if each.code.value in checked]
    unused = [each for each in unused if each.code.span not in used]
    for waiver in policy.waivers:
        code, expires = waiver.code, waiver.expires
        if expires.value <= today:
            message = f"the waiver of {code.value} ended on {expires.value}"
            yield WAIVER_EXPIRED.at(expires.span, message)
        elif expires.value - today > LONGEST:
            message = f"the waiver of {code.value} ends only on {expires.value}"
            yield WAIVER_TOO_LONG.at(expires.span, message)
        if code.value not in checked:
            yield from _misnamed(code, checked)
        elif code.span not in used:
            message = f"nothing here needs the waiver of {code.value}"
            fix = removal(waiver, whole_list=len(unused) == len(policy.waivers))
            yield WAIVER_UNUSED.at(code.span, message, fix=fix)


def _misnamed(code: Said[str], checked: Collection[str]) -> Iterator[Diagnostic]:
    """A name that is nearly that of a checked kind. Other names may be of kinds that need an
    inventory or live buckets, and codes are too short to guess from.
    """
    if not code.value.startswith("FL") and (remedy := did_you_mean(code.value, checked)):
        yield UNKNOWN_NAME.at(code.span, f"no warning is called `{code.value}`", remedy=remedy)


def _accepts(policy: Policy, waiver: Waiver, diagnostic: Diagnostic) -> bool:
    if diagnostic.severity is not Severity.WARNING:
        return False
    if waiver.code.value not in (diagnostic.kind.code, diagnostic.kind.name):
        return False
    span = diagnostic.place
    if not isinstance(span, Span) or span.source is not policy.name.span.source:
        return False
    if waiver.retention is None:
        return True
    within = [each.span for each in policy.retentions if each.name.value == waiver.retention.value]
    return any(where.start <= span.start < where.end for where in within)
