"""Counts of stored items and their bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Tally:
    count: int = 0
    bytes: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.count + other.count, self.bytes + other.bytes)


def tallied(pairs: Iterable[tuple[Key, int]]) -> dict[Key, Tally]:
    """Pairs of what is counted and its bytes."""
    return added((key, Tally(1, size)) for key, size in pairs)


def added(pairs: Iterable[tuple[Key, Tally]]) -> dict[Key, Tally]:
    """The sums, by key, in the order in which the keys come."""
    counts: Counter[Key] = Counter()
    sizes: Counter[Key] = Counter()
    for key, tally in pairs:
        counts[key] += tally.count
        sizes[key] += tally.bytes
    return {key: Tally(count, sizes[key]) for key, count in counts.items()}
