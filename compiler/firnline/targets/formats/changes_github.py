"""What changes, as annotations beside the lines of a pull request."""

from __future__ import annotations

from firnline.diagnostics.github import annotated
from firnline.targets.review.diagnostics import diagnostics, repository_of
from firnline.targets.review.model import Review


def to_github(review: Review) -> str:
    return annotated(diagnostics(review), repository_of(review), "firnline diff")
