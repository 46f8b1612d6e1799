"""What changes, as Markdown for a comment on a pull request."""

from __future__ import annotations

from firnline.targets.review.markdown.dialect import Dialect
from firnline.targets.review.markdown.document import document
from firnline.targets.review.model import Review


def to_markdown(review: Review) -> str:
    return document(review, Dialect.GITHUB)


def to_plain_markdown(review: Review) -> str:
    return document(review, Dialect.PLAIN)
