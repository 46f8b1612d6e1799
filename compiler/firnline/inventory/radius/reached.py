"""Which review items does a change of rules reach what is stored in one bucket by?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.groups import Group, Stored
from firnline.inventory.forecast.row_sums import is_uniform, together
from firnline.inventory.forecast.undecided import Undecided, Unfollowed
from firnline.inventory.forecast.usage import fates
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.radius.may import may_happen
from firnline.inventory.radius.scopes import Scopes
from firnline.inventory.radius.sooner import Event, Window, clock_of, differences
from firnline.inventory.radius.sums import Mark, Row, Rows, Sums, What
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import Clock


class BucketFacts(NamedTuple):
    """What is stored in the bucket of a key, under its rules before and after; `tells` are the
    clocks of all that is told of.
    """

    key: str
    changed: Changed
    tells: frozenset[Clock]
    tag: TagApart | None = None


class TagApart(NamedTuple):
    """A tag, and those of its values that are told apart."""

    key: str
    values: frozenset[str]

    def value_of(self, item: StoredItem) -> tuple[str | None]:
        value = dict(item.tags).get(self.key)
        return (value if value in self.values else None,)


class Reached:
    """`starts` are midnights: the rules act first at the first one, and until the last one."""

    def __init__(
        self, bucket: BucketFacts, scopes: Scopes, starts: Sequence[datetime], sums: Sums
    ) -> None:
        self._bucket, self._changed, self._scopes = bucket.key, bucket.changed, scopes
        self._begin, self._end = starts[0], starts[-1]
        self._sums, self._tag = sums, bucket.tag
        self._days = (starts[-1] - starts[0]).days

    def add(self) -> None:
        stored, arriving = self._changed.stored, self._changed.arriving
        for contents, arrives in ((stored, False), (arriving, True)):
            for group in contents.decided:
                for rows in self._rows(group, arrives):
                    self._sums.add(rows)
            for undecided in contents.undecided:
                self._add_one_of(undecided, arrives)
            for unfollowed in contents.unfollowed:
                self._add_at_most(unfollowed, arrives)

    def _add_one_of(self, undecided: Undecided, arrives: bool) -> None:
        """Versions of a key are like one possibility together; but of keys of several sizes it is
        not known how many bytes go with how many of them.
        """
        possible = [list(self._rows(group, arrives)) for group in undecided.possible]
        if all(is_uniform(each) for each in undecided.possible[0]):
            self._sums.add_one_of([together(versions) for versions in possible])
            return
        for rows in zip(*possible, strict=True):
            self._sums.add_one_of(rows)

    def _add_at_most(self, unfollowed: Unfollowed, arrives: bool) -> None:
        for versions in zip(*unfollowed.possible, strict=True):
            volume = versions[0].volume
            if arrives:
                volume = Volume().plus(volume, self._days)
            elif any(each.example.kind is not ItemKind.DELETE_MARKER for each in versions):
                self._sums.add({Row(None): volume})
            items = [each.example for each in versions]
            found = self._with_tags(may_happen(self._scopes, items, self._changed), items)
            if arrives:
                found = {
                    row: None for row in found if row.what and row.what.window is Window.MONTHS
                }
            self._sums.add_at_most(found, volume)

    def _rows(self, group: Group, arrives: bool) -> Iterator[Rows]:
        """For each of the versions."""
        if not self._scopes.may_hold(group[0].example.key):
            yield from ({} if arrives else _in_bucket(each) for each in group)
            return
        sides = (
            fates(batch, [group], self._begin, self._end)
            for batch in (self._changed.before, self._changed.after)
        )
        for old, new in zip(*sides, strict=True):
            stored = old.stored
            rows = {} if arrives else self._in_scope(stored)
            for window, way, event in differences(old, new, self._begin):
                if arrives and window is Window.FIRST_RUN:
                    continue
                times = self._days - event.due if arrives else 1
                what = What(window, way, event.done)
                number = self._change_of(stored.example, event, group)
                if what.deletes_at_once and number is not None:
                    self._sums.mark(number, Mark(self._bucket, stored.example))
                for row in self._with_tags((Row(None, what), Row(number, what)), [stored.example]):
                    rows[row] = Volume().plus(stored.volume, times)
            yield rows

    def _with_tags(self, rows: Iterable[Row], items: Sequence[StoredItem]) -> dict[Row, None]:
        """Each once; of what the first run deletes also the value of the tag."""
        found = dict.fromkeys(rows)
        if self._tag is None:
            return found
        values = [self._tag.value_of(item) for item in items]
        deleting = [row for row in found if row.what and row.what.deletes_at_once]
        return found | {row._replace(tag=value): None for row in deleting for value in values}

    def _in_scope(self, stored: Stored) -> dict[Row, Volume]:
        rows = _in_bucket(stored)
        item = stored.example
        clock = clock_of(item)
        if rows or clock is Clock.DELETE_MARKERS:
            number = self._scopes.change_of(item, clock)
            if number is not None:
                rows[Row(number)] = stored.volume
        return rows

    def _change_of(self, item: StoredItem, event: Event, group: Group) -> int | None:
        """That the event is because of: of the clock by which it comes, or else of that by which
        the object expired before, or another version of its key ended.
        """
        if item.kind is ItemKind.DELETE_MARKER:
            return self._scopes.change_of_marker(item)
        cause = item if item.current or event.clock is not Clock.OBJECTS else group[-1].example
        found = self._scopes.change_of(cause, event.clock)
        if found is None and event.clock is not clock_of(item):
            found = self._scopes.change_of(item, clock_of(item))
        for version in reversed(group):
            if found is None:
                found = self._scopes.change_of(version.example, clock_of(version.example))
        return found


def _in_bucket(stored: Stored) -> dict[Row, Volume]:
    is_marker = stored.example.kind is ItemKind.DELETE_MARKER
    return {} if is_marker or stored.volume == Volume() else {Row(None): stored.volume}
