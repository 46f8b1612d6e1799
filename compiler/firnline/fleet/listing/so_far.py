"""How far a listing is: what the journal has, and what was listed since."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

from firnline.fleet.listing.journal import ListingPlan, Part, UnusableJournal
from firnline.fleet.listing.request import Marker
from firnline.inventory.writer.row import InventoryRow


@dataclass(frozen=True, slots=True)
class SoFar:
    """How much is listed, and how many of the ranges of keys are finished."""

    rows: int
    bytes: int
    finished: int
    ranges: int


Report = Callable[[SoFar], None]
"""Called from several threads, but by one at a time."""


class Positions:
    """Where each range of keys goes on: one thread at a time moves on in each.

    Raises `UnusableJournal` where the parts are not of this plan.
    """

    def __init__(self, plan: ListingPlan, parts: Sequence[Part], report: Report) -> None:
        self.next: list[Marker | None] = [Marker(each.after) for each in plan.ranges]
        self.parts = [0] * len(plan.ranges)
        self._report, self._guard = report, Lock()
        self._rows, self._bytes = 0, 0
        for part in parts:
            if part.range >= len(self.next) or self.next[part.range] is None:
                raise UnusableJournal("what was listed is not of the ranges that were planned")
            self.next[part.range] = part.next
            self.parts[part.range] += 1
            self._rows += part.rows
            self._bytes += part.bytes

    @property
    def so_far(self) -> SoFar:
        finished = sum(each is None for each in self.next)
        return SoFar(self._rows, self._bytes, finished, len(self.next))

    def move(self, number: int, rows: Sequence[InventoryRow], next: Marker | None) -> None:
        with self._guard:
            self._rows += len(rows)
            self._bytes += stored(rows)
            self.next[number] = next
            self._report(self.so_far)


def stored(rows: Sequence[InventoryRow]) -> int:
    return sum(row.size or 0 for row in rows)
