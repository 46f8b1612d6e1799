"""What was proved of a comparison, and what is to be said of its buckets?"""

from __future__ import annotations

from collections.abc import Iterator
from shlex import join
from typing import NamedTuple

from firnline.diagnostics.how_many import how_many
from firnline.rules.diff.items import Comparison
from firnline.rules.diff.words import few
from firnline.targets.review.model import Review


class Remark(NamedTuple):
    """`buckets` are some of those that it is about. `warns` where something was not judged."""

    buckets: str
    what: str
    warns: bool = False

    def __str__(self) -> str:
        return f"{self.buckets}: {self.what}"


def proved(found: Comparison) -> str:
    count = len(found.items)
    but = "" if count == 0 else " but this" if count == 1 else f" but these {count:,} changes"
    on = how_many(found.buckets, "bucket")
    return f"Proved for every key, size, tag and age on {on}: nothing changes{but}."


def remarks(found: Comparison) -> Iterator[Remark]:
    for keys, what, warns in (
        (found.only_other, "new here, so all that happens there is new", False),
        (found.only_one, "no longer here, so all that happened there counts as lost", False),
        (found.not_compared, "not compared, as what the rules do is not known yet", True),
    ):
        if keys:
            yield Remark(few(keys), what, warns)


def command(review: Review) -> str:
    """That shows the same."""
    before = review.one
    if review.base is not None:
        before = before.replace(review.base.commit, review.base.short)
    return join(["firnline", "diff", before, review.other, *review.options])
