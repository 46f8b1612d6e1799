"""What changes, as SARIF for code scanning: open gates, what deletes sooner, and new findings."""

from __future__ import annotations

from firnline.targets.review.diagnostics import diagnostics, repository_of
from firnline.targets.review.model import Review
from firnline.targets.sarif import sarif


def to_sarif(review: Review) -> str:
    return sarif(diagnostics(review), repository_of(review), review.findings.waived)
