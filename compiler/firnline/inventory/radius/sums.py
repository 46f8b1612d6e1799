"""What is deleted and moved because of which review item, added up; and what stands for it."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from firnline.inventory.forecast.bounded import NO_VOLUME, BoundedVolume
from firnline.inventory.forecast.row_sums import RowSums
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.radius.sooner import DELETING, Done, Way, Window
from firnline.s3.simulate.stored import StoredItem


class What(NamedTuple):
    """Something that one of the two sets of rules does, in a time."""

    window: Window
    way: Way
    done: Done

    @property
    def deletes_at_once(self) -> bool:
        at_once = self.window is Window.FIRST_RUN and self.way is Way.NEW
        return at_once and self.done in DELETING


class Row(NamedTuple):
    """Of a review item by its number, or None of all that is stored; without `what`, what is stored
    in the scope of it. `tag` has the value of a tag, None where it is none that is told apart.
    """

    item: int | None
    what: What | None = None
    tag: tuple[str | None] | None = None


class Mark(NamedTuple):
    """An item of a bucket that stands for all that rules treat like it."""

    bucket: str
    item: StoredItem


Rows = Mapping[Row, Volume]
MOST_MARKS: Final = 24


class Sums(RowSums[Row]):
    def __init__(self) -> None:
        super().__init__()
        self._marks: dict[int, list[Mark]] = {}

    def plus(self, other: Sums) -> None:
        """With what was added up of something else."""
        self.include(other)
        for number, marks in other._marks.items():
            for mark in marks:
                self.mark(number, mark)

    def mark(self, number: int, mark: Mark) -> None:
        """The oldest are kept."""
        known = self._marks.setdefault(number, [])
        if mark not in known:
            insort(known, mark, key=_age)
            del known[MOST_MARKS:]

    def marks(self, number: int) -> tuple[Mark, ...]:
        return tuple(self._marks.get(number, ()))

    def done(self, item: int | None) -> Iterator[tuple[What, BoundedVolume]]:
        """All that is done to some object, or may be."""
        for row in self.rows:
            if row.item == item and row.what is not None and row.tag is None:
                yield row.what, self.volume(row)

    def by_tag(self, item: int | None) -> dict[str | None, BoundedVolume]:
        """All that is done, by the value of the tag."""
        found: dict[str | None, BoundedVolume] = {}
        for row in self.rows:
            if row.item == item and row.tag is not None:
                (value,) = row.tag
                found[value] = found.get(value, NO_VOLUME).plus(self.volume(row))
        return found


def _age(mark: Mark) -> tuple[datetime, str, str, int, str]:
    """With what makes the order the same each time."""
    item = mark.item
    since = item.noncurrent_since or item.created
    return since, mark.bucket, item.key, item.size, item.storage_class
