"""What was proved, what the numbers stand on, and how to get them again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline import __version__
from firnline.targets.review.first_run_text import stands_on
from firnline.targets.review.markdown.dialect import Dialect, small
from firnline.targets.review.markdown_text import code, prose
from firnline.targets.review.model import Review
from firnline.targets.review.proof_words import command, proved, remarks

_MOST: Final = 10
_LONGEST_COMMAND: Final = 2_000
"""Of characters: a command is there to be copied, so it is cut only where somebody forces it."""


def proof(review: Review) -> str:
    return "\n\n".join([proved(review.found), *_remarks(review)])


def reproduce(review: Review, dialect: Dialect) -> str:
    said = f"Reproduce: {code(command(review), _LONGEST_COMMAND)} · change {code(review.digest)}"
    return small(dialect, f"{said} · firnline {__version__}")


def _remarks(review: Review) -> Iterator[str]:
    for remark in remarks(review.found):
        what = f"**{remark.what}**" if remark.warns else remark.what
        yield f"{prose(remark.buckets)}: {what}."
    if review.facts is not None:
        lines = list(stands_on(review.facts))
        more = [f"and {len(lines) - _MOST:,} more"] if len(lines) > _MOST else []
        yield f"Numbers from: {'; '.join([*map(prose, lines[:_MOST]), *more])}."
