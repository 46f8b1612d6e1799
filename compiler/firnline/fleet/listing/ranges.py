"""Common prefixes → ranges of keys that can be listed at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from firnline.fleet.listing.request import KeyRange, Listed

RANGES: Final = 64
"""More than are listed at a time, so that one large range does not leave all others waiting."""

_REQUESTS: Final = 64


def split(listed: Listed, prefixes_below: Callable[[str], Sequence[str]]) -> list[KeyRange]:
    """Ranges that begin at prefixes, which together have every possible key exactly once."""
    borders = _thinned(sorted(set(_prefixes(prefixes_below))))
    ends = ["", *borders]
    return [
        *(KeyRange(listed, after, until) for after, until in pairwise(ends)),
        KeyRange(listed, ends[-1]),
    ]


def _prefixes(prefixes_below: Callable[[str], Sequence[str]]) -> list[str]:
    """Level by level, until there are enough, or finding more takes too many requests."""
    found: list[str] = []
    level, requests = [""], 0
    while level and len(found) < RANGES:
        deeper: list[str] = []
        for prefix in level[: _REQUESTS - requests]:
            deeper += prefixes_below(prefix)
            requests += 1
        found += deeper
        level = deeper if requests < _REQUESTS else []
    return found


def _thinned(borders: Sequence[str]) -> list[str]:
    if len(borders) < RANGES:
        return list(borders)
    return [borders[number * len(borders) // RANGES] for number in range(1, RANGES)]
