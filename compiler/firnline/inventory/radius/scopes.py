"""To which review item of a bucket does an item that is stored belong?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from firnline.rules.diff.boxes import EVERYTHING, Box
from firnline.rules.diff.changes import Change
from firnline.rules.diff.where import Where
from firnline.s3.scope import Tags
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Clock


class _Place(NamedTuple):
    """Where a change happens, below one prefix; `number` is that of the change."""

    number: int
    where: Where


class Scopes:
    """Of all changes in a bucket. On each clock their scopes have no object in common."""

    def __init__(self, changes: Iterable[tuple[int, Change]]) -> None:
        self._changes = dict(changes)
        self._places: dict[Clock, dict[str, list[_Place]]] = defaultdict(dict)
        for number, change in self._changes.items():
            places = self._places[change.clock]
            for where in change.where:
                for prefix in where.prefixes:
                    places.setdefault(prefix, []).append(_Place(number, where))
        prefixes = {prefix for places in self._places.values() for prefix in places}
        self._lengths = sorted({len(prefix) for prefix in prefixes})
        self._prefixes = frozenset(prefixes)

    def may_hold(self, key: str) -> bool:
        """Whether a change begins above the key, on any clock."""
        return any(key[:length] in self._prefixes for length in self._lengths)

    def change_of(self, item: StoredItem, clock: Clock) -> int | None:
        """The number of the change that an item is in the scope of."""
        places = self._places.get(clock, {})
        for length in self._lengths if places else ():
            for number, where in places.get(item.key[:length], ()):
                if holds(where, item):
                    return number
        return None

    def change_of_marker(self, marker: StoredItem) -> int | None:
        """A delete marker goes by its own clock, or where objects or noncurrent versions end."""
        clocks = (Clock.DELETE_MARKERS, Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)
        for clock in clocks if marker.current else reversed(clocks):
            found = self.change_of(marker, clock)
            if found is not None:
                return found
        return next((number for number, _ in self.changes_above(marker.key)), None)

    def changes_above(self, key: str) -> Iterator[tuple[int, Change]]:
        """Those that may be about items with this key, whatever their tags and sizes."""
        for places in self._places.values():
            for length in self._lengths:
                for number, _ in places.get(key[:length], ()):
                    yield number, self._changes[number]


def holds(where: Where, item: StoredItem) -> bool:
    """Whether an item with a key below one of the prefixes is there."""
    return _is_in(where.boxes, item) and not any(
        _is_below(item.key, each.prefix, each.outside) and _is_in(each.boxes, item)
        for each in where.excluded
    )


def _is_below(key: str, prefix: str, outside: Sequence[str]) -> bool:
    return key.startswith(prefix) and not any(map(key.startswith, outside))


def _is_in(boxes: Sequence[Box], item: StoredItem) -> bool:
    return boxes == EVERYTHING or any(_holds(box, item) for box in boxes)


def _holds(box: Box, item: StoredItem) -> bool:
    return (
        any(least <= item.size <= most for least, most in box.sizes)
        and _has(item, box.tags)
        and not any(_has(item, tags) for tags in box.without)
    )


def _has(item: StoredItem, tags: Tags) -> bool:
    return all(tag in item.tags for tag in tags)
