"""Is it time for a person to review the policy?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Needs, Subject
from firnline.language.model import Policy

REVIEW_OVERDUE = Kind(
    code="FL603",
    name="review-overdue",
    severity=Severity.WARNING,
    title="a policy was due for review",
    why="What was right when it was written may delete the wrong thing, or keep too much, now.",
    help="read the policy again, then move `review_by`",
    wrong="review_by: 2020-12-31",
    right="review_by: 2999-12-31",
)


def check(policy: Policy, today: date) -> Iterator[Diagnostic]:
    if policy.review_by is not None and policy.review_by.value <= today:
        message = f"`{policy.name.value}` was due on {policy.review_by.value}"
        yield REVIEW_OVERDUE.at(policy.review_by.span, message)


CHECK = Check(Subject.POLICY, check, (REVIEW_OVERDUE,), needs=(Needs.TODAY,))
