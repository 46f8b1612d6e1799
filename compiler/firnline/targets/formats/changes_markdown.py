"""What changes, as Markdown for a comment on a pull request, or for the summary of a run."""

from __future__ import annotations

from firnline.forge.comment_file import disarmed
from firnline.targets.review.markdown.dialect import Dialect
from firnline.targets.review.markdown.document import document
from firnline.targets.review.model import Review


def to_markdown(review: Review) -> str:
    return document(review, Dialect.GITHUB)


def to_plain_markdown(review: Review) -> str:
    return document(review, Dialect.PLAIN)


def to_github_summary(review: Review) -> str:
    """It mentions nobody. Like a comment it has 60,000 characters at most; GitHub takes 1 MiB of a
    step (GitHub Docs, "Workflow commands", on step isolation and limits).
    """
    _, _, text = document(review, Dialect.GITHUB).partition("\n")
    return disarmed(text, (), also_in_code=False)
