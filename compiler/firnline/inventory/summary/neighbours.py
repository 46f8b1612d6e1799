"""Which current version may the key of a noncurrent one have, where a summary keeps them apart?

When that one expires, one more version is newer than the noncurrent one; or, in a bucket whose
versioning is suspended, a null delete marker takes the place of a null version. Nothing else that
happens to other versions of its key matters to it, unless `is_open` says so: by rules
without a filter by size or tags, an older version is deleted no later than a newer one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from firnline.inventory.summary.reach import Reach
from firnline.inventory.summary.rows import Row
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import ItemKind, LifecycleAction, StoredItem


def depends(row: Row, reach: Reach) -> bool:
    """Whether it may matter to a noncurrent version what happens to the current one."""
    if not reach.expires:
        return False
    more = range(row.newer_least + 1, row.newer_most + 2)
    return reach.is_suspended or any(count in more for count in reach.found.counts)


def is_open(row: Row, rows: Iterable[Row], reach: Reach) -> bool:
    """Whether more matters to a noncurrent version than the current one of its key. `rows` are all
    that count to its prefix.
    """
    if reach.singles_out:
        return True
    if reach.found.counts and (row.is_held or row.retained_until is not None):
        return True  # newer ones may be deleted while it is locked
    if not (reach.is_suspended and reach.expires and row.newer_most and not row.is_null):
        return False
    return any(each.is_null and not each.is_latest for each in rows)


class Currents:
    """The current versions and delete markers that keys like one may have. Of those that matter
    alike to a noncurrent version it keeps one: what counts is when they expire.
    """

    def __init__(
        self, items: Iterable[StoredItem], batches: Sequence[Batch], begin: datetime, reach: Reach
    ) -> None:
        self._batches, self._begin, self._reach = batches, begin, reach
        self._by_day: dict[datetime, dict[Hashable, StoredItem]] = defaultdict(dict)
        self._latest: dict[Hashable, StoredItem] = {}
        for each in items:
            item = replace(each, retain_until=None, legal_hold=False)
            self._add(item)

    def _add(self, item: StoredItem) -> None:
        matters = self._matters(item)
        self._by_day[item.created].setdefault(matters, item)
        if self._reach.is_suspended and item.null_version:
            matters = _NOTHING  # a null marker takes its place, and nothing becomes noncurrent
        there = self._latest.get(matters)
        if there is None or there.created < item.created:
            self._latest[matters] = item

    def beside(self, item: StoredItem) -> Iterator[StoredItem]:
        """Those that may be above `item`, which is noncurrent: it is so since the one just above it
        was made.
        """
        since, is_next = item.noncurrent_since, item.newer_noncurrent == 0
        assert since is not None
        found = self._by_day.get(since, {}) if is_next else self._latest
        above = [each for each in found.items() if each[1].created >= since]
        for matters, each in above:
            yield _inert(item) if matters is _NOTHING else each
        if not above:  # the inventory lacks it
            yield _inert(item)

    def _matters(self, item: StoredItem) -> Hashable:
        """When it expires under each of the sets of rules, as far as its tags are known."""
        if item.kind is ItemKind.DELETE_MARKER:
            return _NOTHING
        if self._reach.filters_by_tags and not self._reach.tags_known:
            return item
        ends = tuple(self._end(batch, item) for batch in self._batches)
        if not any(ends):
            return _NOTHING
        return ends, item.null_version

    def _end(self, batch: Batch, item: StoredItem) -> datetime | None:
        steps = batch.steps(item, self._begin)
        return next((step.at for step in steps if step.taken.action in _ENDS), None)


_NOTHING: Final = None
_ENDS: Final = (LifecycleAction.DELETE_MARKER, LifecycleAction.EXPIRE)


def _inert(item: StoredItem) -> StoredItem:
    """A delete marker that stays as long as the version below it."""
    assert item.noncurrent_since is not None
    return StoredItem(item.key, item.noncurrent_since, kind=ItemKind.DELETE_MARKER, hidden=1)
