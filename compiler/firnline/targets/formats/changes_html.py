"""What changes, as one page of HTML that needs nothing else."""

from __future__ import annotations

from firnline.targets.review.html.page import page
from firnline.targets.review.model import Review


def to_html(review: Review) -> str:
    return page(review)
