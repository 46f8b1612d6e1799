"""Summaries of parts of a bucket → that of all of it.

Each key is in one part, with all its versions. Then the summary is the same however the bucket was
divided, and in whatever order parts come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from firnline.inventory.summary.collect import Collected, TooManyRows
from firnline.inventory.summary.rows import Stack
from firnline.inventory.summary.summary import BucketSummary


def joined(parts: Iterable[BucketSummary], limit: int) -> BucketSummary | None:
    """Of at most `limit` rows, as each of the parts; None of no parts. Where a part has too many
    rows to keep the versions of a key together, so has the whole.
    """
    whole: _Joined | None = None
    for part in parts:
        whole = whole or _Joined(part, limit)
        whole.add(part)
    return whole.summary if whole else None


class _Joined:
    def __init__(self, first: BucketSummary, limit: int) -> None:
        self._first, self._limit = first, limit
        self._cut, self._newest = first.cut, first.newest
        self._found = Collected(first.cut, first.day, limit)

    @property
    def summary(self) -> BucketSummary:
        return replace(
            self._first,
            newest=self._newest,
            cut=self._cut,
            ages_by=self._found.ages_by,
            stacks=self._found.in_order,
        )

    def add(self, part: BucketSummary) -> None:
        assert (part.bucket, part.as_of) == (self._first.bucket, self._first.as_of)
        assert part.cut.apart == self._cut.apart, "parts are cut alike"
        self._newest = max(self._newest, part.newest)
        if self._cut.together and not part.cut.together:
            self._take_apart()
        self._found.know_ages_by(part.ages_by)
        for stack in part.stacks:
            self._add(stack)

    def _add(self, stack: Stack) -> None:
        if not self._cut.together:
            for each in _apart(stack):
                self._found.add(each)
            return
        try:
            self._found.add(stack)
        except TooManyRows:
            self._take_apart()

    def _take_apart(self) -> None:
        """What was added until now, and all that will be."""
        self._cut = self._cut.apart
        there, self._found = self._found, Collected(self._cut, self._first.day, self._limit)
        for stack in there.stacks.values():
            self._add(stack)


def _apart(stack: Stack) -> Iterator[Stack]:
    for row in stack:
        yield (row._replace(hidden=min(row.hidden, 1)),)
