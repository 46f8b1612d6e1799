"""What was proved, what the numbers stand on, and how to get them again."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import join
from typing import Final

from firnline import __version__
from firnline.diagnostics.how_many import how_many
from firnline.rules.diff.words import few
from firnline.targets.review.first_run_text import stands_on
from firnline.targets.review.markdown.dialect import Dialect, small
from firnline.targets.review.markdown_text import code, prose
from firnline.targets.review.model import Review

_MOST: Final = 10


def proof(review: Review) -> str:
    found = review.found
    these = "this" if len(found.items) == 1 else f"these {len(found.items):,} changes"
    proved = f"Proved for every key, size, tag and age on {how_many(found.buckets, 'bucket')}"
    return "\n\n".join([f"{proved}: nothing changes but {these}.", *_remarks(review)])


def reproduce(review: Review, dialect: Dialect) -> str:
    before = review.one
    if review.base is not None:
        before = before.replace(review.base.commit, review.base.short)
    words = join(["firnline", "diff", before, review.other])
    return small(dialect, f"Reproduce: {code(words)} · firnline {__version__}")


def _remarks(review: Review) -> Iterator[str]:
    found = review.found
    for keys, what in (
        (found.only_other, "new here, so all that happens there is new"),
        (found.only_one, "no longer here, so all that happened there counts as lost"),
        (found.not_compared, "**not compared**, as what the rules do is not known yet"),
    ):
        if keys:
            yield f"{prose(few(keys))}: {what}."
    if review.facts is not None:
        lines = list(stands_on(review.facts))
        more = [f"and {len(lines) - _MOST:,} more"] if len(lines) > _MOST else []
        yield f"Numbers from: {'; '.join([*map(prose, lines[:_MOST]), *more])}."
