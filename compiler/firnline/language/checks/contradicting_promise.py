"""Can a promise hold at all, whatever the retentions say?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.language.check import Check, Subject
from firnline.language.model import Policy, Promise
from firnline.s3.terms import Days

CONTRADICTING_PROMISE = Kind(
    code="FL412",
    name="contradicting-promise",
    severity=Severity.ERROR,
    title="a promise contradicts itself",
    why=(
        "What is to be gone by an age cannot be kept beyond it. A noncurrent version counts its"
        " days from the day it was replaced, which may be an object's last."
    ),
    help="raise `gone_within`, or keep less",
    wrong="""\
promises: {tidy: {prefix: tmp/, keep_at_least: 90d, gone_within: 30d}}
versioning: "off"
retain: {tmp: {prefix: tmp/, delete_after: 90d}}
""",
    right="""\
promises: {tidy: {prefix: tmp/, keep_at_least: 30d, gone_within: 100d}}
versioning: "off"
retain: {tmp: {prefix: tmp/, delete_after: 90d}}
""",
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    for promise in policy.promises:
        yield from _contradiction(promise)


CHECK = Check(Subject.POLICY, check, (CONTRADICTING_PROMISE,))


def contradicts(promise: Promise) -> bool:
    """Whether no rules could keep it."""
    return any(_contradiction(promise))


def _contradiction(promise: Promise) -> Iterator[Diagnostic]:
    gone = promise.gone_within
    minimums = [said for said in (promise.keep_at_least, promise.old_versions_at_least) if said]
    if gone is None or not minimums:
        return
    also: list[tuple[Span, str]] = [(said.span, f"kept for {said.value} here") for said in minimums]
    days = [int(said.value) for said in minimums if isinstance(said.value, Days)]
    if len(days) < len(minimums):
        yield CONTRADICTING_PROMISE.at(gone.span, "what is kept forever is never gone", also=also)
    elif sum(days) > gone.value:
        together = f"{Days(sum(days))}" + (" together" if len(days) > 1 else "")
        message = f"gone within {gone.value}, and kept for {together}"
        yield CONTRADICTING_PROMISE.at(gone.span, message, also=also)
