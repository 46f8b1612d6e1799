"""Rows by day → as few as a small file holds: by week or by four where days are too many."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable
from typing import Final

from firnline.inventory.summary.cut import Cut
from firnline.inventory.summary.rows import AgesBy, Row, Stack

LIMIT: Final = 20_000
"""Rows: a file of some hundred KB."""


class TooManyRows(Exception):
    """Versions that are kept together cannot be told by weeks: what happens to one of them
    depends on the days of all.
    """


def collected(
    stacks: Iterable[Stack], cut: Cut, today: int, limit: int = LIMIT
) -> tuple[AgesBy, tuple[Stack, ...]]:
    """In an order that depends on their content alone. `stacks` are by day; `today` is the day from
    which ages are counted back. By four weeks there may be more than `limit`.

    Raises `TooManyRows`.
    """
    found = Collected(cut, today, limit)
    for stack in stacks:
        found.add(stack)
    return found.ages_by, found.in_order


class Collected:
    """What was added so far, by what must not be mixed. Memory is bounded by `limit`."""

    def __init__(self, cut: Cut, today: int, limit: int) -> None:
        self.ages_by = AgesBy.DAY
        self.stacks: dict[Hashable, Stack] = {}
        self._cut, self._today, self._limit = cut, today, limit
        self._rows = 0

    @property
    def in_order(self) -> tuple[Stack, ...]:
        return tuple(sorted(self.stacks.values(), key=_in_order))

    def know_ages_by(self, least: AgesBy) -> None:
        """By no shorter time, as nothing shorter is known of what is added next."""
        while self.ages_by.days < least.days:
            self._coarsen()

    def add(self, stack: Stack) -> None:
        """Raises `TooManyRows`, when it has been added."""
        key = tuple([self._alike(row) for row in stack])
        there = self.stacks.get(key)
        if there is None:
            self.stacks[key] = stack
            self._rows += len(stack)
            if self._rows > self._limit and self.ages_by is not AgesBy.FOUR_WEEKS:
                self._coarsen()
        else:
            self.stacks[key] = tuple(
                [row.with_more(more) for row, more in zip(there, stack, strict=True)]
            )

    def _coarsen(self) -> None:
        if self._cut.together:
            raise TooManyRows
        self.ages_by = AgesBy.WEEK if self.ages_by is AgesBy.DAY else AgesBy.FOUR_WEEKS
        stacks, self.stacks, self._rows = self.stacks, {}, 0
        for stack in stacks.values():
            self.add(stack)

    def _alike(self, row: Row) -> Hashable:
        days, today, cut = self.ages_by.days, self._today, self._cut
        return (
            row[:_OF_ONE_VALUE],
            (today - row.made_first) // days,
            None if row.since_first is None else (today - row.since_first) // days,
            row.hidden,
            bisect_right(cut.counts, row.newer_least),
            bisect_right(cut.sizes, row.size_least),
        )


_OF_ONE_VALUE: Final = Row._fields.index("made_first")


def _in_order(stack: Stack) -> tuple[tuple[tuple[bool, object], ...], ...]:
    """Where a value is not known, it comes first."""
    return tuple(tuple(map(_comparable, row)) for row in stack)


def _comparable(value: object) -> tuple[bool, object]:
    if isinstance(value, tuple):
        return True, tuple(map(_comparable, value))
    return value is not None, 0 if value is None else value
