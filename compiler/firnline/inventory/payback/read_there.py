"""In which storage class is an object when it is read, and which transition has moved it there?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final, NamedTuple

from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.possible_tags import Rules, with_possible_tags
from firnline.inventory.forecast.reads import ReadCell
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.payback.moves import By
from firnline.s3.simulate.batch import Batch, BatchStep
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import LifecycleAction, StoredItem
from firnline.s3.terms import Clock

_FIRST: Final = "STANDARD"
_TRANSITION: Final = LifecycleAction.TRANSITION


class There(NamedTuple):
    """`by` is the transition that it has behind it, None where it has none; `already`: it is in
    that class now, wherever it came from, and no rule will move it.
    """

    storage_class: str
    by: By | None
    already: bool = False


class ReadThere:
    """Under the rules of `batch`."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._rules = Rules(batch.rules, batch.rules, batch.bucket)
        self._steps: dict[StoredItem, tuple[BatchStep, ...]] = {}
        self._possible: dict[StoredItem, tuple[StoredItem, ...]] = {}

    def all_of(self, cell: ReadCell) -> frozenset[There | None]:
        """Where the objects may be: more than one where their tags decide and are not known. None:
        they are deleted, or hidden by a delete marker.
        """
        if cell.tags_known:
            return frozenset([self._there(cell.example, cell.age)])
        return frozenset(self._there(each, cell.age) for each in self._possibly(cell.example))

    def as_read(self, cells: Iterable[ReadCell]) -> Iterator[ReadCell]:
        """Objects are in the class in which they are now; but before these rules moved them there,
        they were in another one.
        """
        for cell in cells:
            if cell.example.storage_class == _FIRST:
                yield cell
                continue
            before = self._before_moved(cell)
            yield cell._replace(example=replace(cell.example, storage_class=before, tier=None))

    def _before_moved(self, cell: ReadCell) -> str:
        now = cell.example.storage_class
        for each in [cell.example] if cell.tags_known else self._possibly(cell.example):
            first = _in_first(each)
            past = self._past(first, cell.age)
            if any(step.left == now for step in self._moves(first)):
                return now if any(step.left == now for step in past) else _last(past, _FIRST)
        return now

    def _there(self, item: StoredItem, age: int) -> There | None:
        past = [step for step in self._all(item) if step.at <= _day(item, age)]
        if any(step.taken.action is not _TRANSITION for step in past):
            return None
        if past:
            return There(_last(past, _FIRST), _by(past[-1]))
        if item.storage_class == _FIRST:
            return There(_FIRST, None)
        led = [step for step in self._past(_in_first(item), age) if step.left == item.storage_class]
        return There(item.storage_class, _by(led[0]) if led else None, already=True)

    def _past(self, item: StoredItem, age: int) -> Sequence[BatchStep]:
        return [step for step in self._moves(item) if step.at <= _day(item, age)]

    def _moves(self, item: StoredItem) -> Iterator[BatchStep]:
        """Up to the first step that is no transition."""
        return takewhile(lambda step: step.taken.action is _TRANSITION, self._all(item))

    def _all(self, item: StoredItem) -> Sequence[BatchStep]:
        if item not in self._steps:
            self._steps[item] = tuple(self._batch.steps(item))
        return self._steps[item]

    def _possibly(self, item: StoredItem) -> tuple[StoredItem, ...]:
        """With the tags that rules may see in it."""
        if item not in self._possible:
            self._possible[item] = tuple(self._with_tags(item))
        return self._possible[item]

    def _with_tags(self, item: StoredItem) -> Iterator[StoredItem]:
        stored = Stored(item, Volume(), item.created, tags_known=False)
        found = with_possible_tags(Contents([(stored,)]), self._rules, None)
        if found.unfollowed:  # too many to follow: as if each filter matched alone
            yield item
            for rule in self._rules.enabled:
                yield replace(item, tags=rule.filter.tags)
            return
        groups = [*found.decided, *(each for keys in found.undecided for each in keys.possible)]
        yield from (each.example for group in groups for each in group)


def _in_first(item: StoredItem) -> StoredItem:
    return replace(item, storage_class=_FIRST, tier=None)


def _last(past: Sequence[BatchStep], otherwise: str) -> str:
    return past[-1].left or otherwise if past else otherwise


def _by(step: BatchStep) -> By:
    return By(step.taken.rules, Clock.OBJECTS, step.left)


def _day(item: StoredItem, age: int) -> datetime:
    return midnight_from(item.created) + timedelta(days=age)
