"""The summary of a bucket → groups of what rules treat alike, or of what they may do to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import product
from math import prod

from firnline.inventory.forecast.groups import Group, Stored, began_in_class
from firnline.inventory.forecast.undecided import Contents, Undecided, Unfollowed
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.summary.examples import example
from firnline.inventory.summary.merged import merged
from firnline.inventory.summary.neighbours import Currents, depends, is_open
from firnline.inventory.summary.options import MOST, TooMany, extremes, options
from firnline.inventory.summary.reach import Reach, reach
from firnline.inventory.summary.rows import Row, RowKind, Stack
from firnline.inventory.summary.summary import BucketSummary
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Versioning


def contents(
    bucket: BucketSummary,
    rule_sets: Sequence[RuleSet],
    state: BucketState,
    at: datetime,
    *,
    keep_days: bool = False,
) -> Contents:
    """As it is at a moment, from which on all of it is there. The first of `rule_sets` is in force:
    by it it is known since when an object is in its class. `keep_days`: what was made on different
    days is told apart, even where rules treat it alike.
    """
    found = _Contents(bucket, rule_sets, state, at)
    decided: list[Group] = []
    undecided: list[Undecided] = []
    unfollowed: list[Unfollowed] = []
    for stack in merged(bucket.stacks, found.reach, keep_days=keep_days):
        try:
            possible = found.possible(stack)
        except TooMany:
            unfollowed.append(Unfollowed(tuple(found.extremes(stack))))
            continue
        if len(possible) == 1:
            decided += possible
        else:
            undecided.append(Undecided(tuple(possible)))
    return Contents(decided, undecided, unfollowed)


class _Contents:
    def __init__(
        self,
        bucket: BucketSummary,
        rule_sets: Sequence[RuleSet],
        state: BucketState,
        at: datetime,
    ) -> None:
        self._bucket, self._rule_sets, self._at = bucket, rule_sets, at
        self._today = midnight_from(at)
        self._is_suspended = state.versioning is Versioning.SUSPENDED
        self._batches = [Batch(each, state) for each in rule_sets]
        self._reaches: dict[str, Reach] = {}
        self._above: dict[tuple[str, str], Currents] = {}
        self._rows: dict[str, list[Row]] = defaultdict(list)
        for row in bucket.rows:
            self._rows[row.prefix].append(row)

    def possible(self, stack: Stack) -> list[Group]:
        """All that the keys may be like, with the same volumes in each. Raises `TooMany`."""
        reach = self.reach(stack[0].prefix)
        items = [options(row, self._example(row, reach), reach) for row in stack]
        keys = (stack[0].prefix, *reach.prefixes)
        acts = self._acts(stack[0], reach)
        if len(stack) == len(keys) == len(items[0]) == 1 and not acts:
            return [(self._stored(stack[0], items[0][0], keys[0]),)]
        if len(keys) * prod(map(len, items)) > MOST:
            raise TooMany
        groups = (
            tuple(self._stored(*pair, key) for pair in zip(stack, each, strict=True))
            for key in keys
            for each in product(*items)
        )
        if not acts:
            return list(groups)
        found = [each for (one,) in groups for each in self._beside(one, stack[0])]
        if len(found) > MOST:
            raise TooMany
        return found

    def extremes(self, stack: Stack) -> Iterator[Group]:
        """Of each version in it one of each sort, below each prefix, whatever happens to its other
        versions.
        """
        reach = self.reach(stack[0].prefix)
        items = [extremes(row, self._example(row, reach), reach) for row in stack]
        for key in (stack[0].prefix, *reach.prefixes):
            for number in range(max(map(len, items))):
                yield tuple(
                    self._stored(row, found[number % len(found)], key)
                    for row, found in zip(stack, items, strict=True)
                )

    def reach(self, leaf: str) -> Reach:
        if leaf not in self._reaches:
            self._reaches[leaf] = reach(
                leaf,
                self._rule_sets,
                self._bucket.cut,
                self._is_suspended,
                self._bucket.day,
            )
        return self._reaches[leaf]

    def _example(self, row: Row, reach: Reach) -> StoredItem:
        item = example(row, self._bucket.cut.tag_keys, self._today)
        return item if reach.tags_known else replace(item, tags=())

    def _stored(self, row: Row, item: StoredItem, key: str) -> Stored:
        if item.key != key:
            item = replace(item, key=key)
        since = began_in_class(self._batches[0], item, self._at)
        reach = self.reach(row.prefix)
        known = not reach.filters_by_tags or (row.tags is not None and reach.tags_known)
        return Stored(item, row.volume, since, tags_known=known)

    def _acts(self, row: Row, reach: Reach) -> bool:
        """Whether it matters to it what happens to the current version of its key. Raises `TooMany`
        where more than that does.
        """
        if self._bucket.cut.together or row.is_latest or not reach.found.versions_act:
            return False
        if is_open(row, self._rows[row.prefix], reach):
            raise TooMany
        return depends(row, reach)

    def _beside(self, one: Stored, row: Row) -> Iterator[Group]:
        """Each with a current version of no volume, which is counted in its own row."""
        for item in self._currents(row.prefix, one.example.key).beside(one.example):
            yield (one, Stored(item, Volume(), item.created, one.tags_known))

    def _currents(self, leaf: str, key: str) -> Currents:
        """Of keys that begin like `key`."""
        if (leaf, key) not in self._above:
            reach = self.reach(leaf)
            items = (
                item
                for row in self._rows[leaf]
                if row.is_latest and row.kind is not RowKind.UPLOAD
                for item in options(row, replace(self._example(row, reach), key=key), reach)
            )
            self._above[leaf, key] = Currents(items, self._batches, self._today, reach)
        return self._above[leaf, key]
