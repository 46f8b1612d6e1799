"""Rows of a summary that the rules treat alike → one row, so that fewer are followed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Final

from firnline.inventory.forecast.stays import INTELLIGENT_TIERING
from firnline.inventory.summary.reach import Reach
from firnline.inventory.summary.rows import Row, RowKind, Stack


def merged(
    stacks: Iterable[Stack], reach_of: Callable[[str], Reach], *, keep_days: bool
) -> Iterator[Stack]:
    """`keep_days`: also where no rule acts, so that ages make no difference."""
    lanes: dict[Hashable, int] = {}
    known: dict[str, tuple[int, Reach]] = {}
    found: dict[Hashable, _Merged] = {}
    for stack in stacks:
        prefix = stack[0].prefix
        if prefix not in known:
            reach = reach_of(prefix)
            known[prefix] = lanes.setdefault(_lane(prefix, reach), len(lanes)), reach
        lane, reach = known[prefix]
        key = (lane, *[_alike(row, reach, keep_days) for row in stack])
        there = found.get(key)
        if there is None:
            found[key] = _Merged(stack)
        else:
            there.add(stack)
    for each in found.values():
        yield each.stack


def _lane(prefix: str, reach: Reach) -> Hashable:
    """The same for prefixes below which the same may happen."""
    if reach.prefixes or reach.found.versions_act:
        return prefix
    return reach.sides


class _Merged:
    def __init__(self, stack: Stack) -> None:
        self._first = stack
        self._more: list[Stack] = []

    def add(self, stack: Stack) -> None:
        self._more.append(stack)

    @property
    def stack(self) -> Stack:
        if not self._more:
            return self._first
        return tuple(map(_sum, zip(self._first, *self._more, strict=True)))


def _sum(rows: Sequence[Row]) -> Row:
    """With the volume of all, and like one of those with the least size."""
    smallest = min(rows, key=_SIZE)
    volumes = zip(*(row[_VOLUME] for row in rows), strict=True)
    return Row._make((*smallest[: _VOLUME.start], *map(sum, volumes)))


def _alike(row: Row, reach: Reach, keep_days: bool) -> Hashable:
    sizes = reach.found.sizes
    counts = reach.found.counts
    days: object = row[_DAYS]
    if not reach.rules and not keep_days and row.storage_class != INTELLIGENT_TIERING:
        days = None
    return (
        row.kind is RowKind.VERSION,
        row.kind is RowKind.UPLOAD,
        row[_SAME],
        days,
        row.hidden,
        bisect_right(sizes, row.size_least),
        bisect_right(sizes, row.size_most),
        (row.newer_least, row.newer_most) if counts or reach.is_suspended else None,
    )


_SAME: Final = slice(Row._fields.index("storage_class"), Row._fields.index("made_first"))
_DAYS: Final = slice(Row._fields.index("made_first"), Row._fields.index("hidden"))
_VOLUME: Final = slice(Row._fields.index("objects"), None)
_SIZE: Final = attrgetter("size_least")
