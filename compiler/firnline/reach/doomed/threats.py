"""What would the rules of a bucket delete, or archive out of reach, of what a location covers?

A reference tells neither tags nor sizes, so that any filter may match. A region is all keys of
which the same prefix is the longest that they begin with: within one, the same rules match.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, assert_never

from firnline.reach.location import Location, LocationKind
from firnline.rules.threats import Threat
from firnline.s3.scope import sizes_apart

_REMEMBERED: Final = 4096
_LAST: Final = 0x10FFFF


class Threats:
    """Those to the objects of one bucket, by the keys that they reach."""

    def __init__(self, threats: Iterable[Threat]) -> None:
        found = sorted(threats, key=lambda each: each.scope.place)
        self._prefixes = sorted({each.scope.prefix for each in found})
        self._enclosing = [_enclosing(nth, self._prefixes) for nth in range(len(self._prefixes))]
        self._threats = [tuple(_lasting(prefix, found)) for prefix in self._prefixes]
        self._of_regions = lru_cache(_REMEMBERED)(self._in_regions)

    def of(self, location: Location) -> tuple[Threat, ...]:
        """To anything that the location covers."""
        key = location.key
        match location.kind:
            case LocationKind.EXACT:
                at = self.place(key) if key else -1
                return self._of_regions(at, -1, 0, 0)
            case LocationKind.RAW_PREFIX:
                return self._of_regions(-1, *self._below(key))
            case LocationKind.DIR:
                at, first, behind = self._below(f"{key}/" if key else "")
                has_own = behind > first and key and self._prefixes[first] == f"{key}/"
                beside = self._enclosing[first] if has_own else -1  # of the object with that key
                return self._of_regions(beside, at, first, behind)
            case _:
                assert_never(location.kind)

    def place(self, start: str) -> int:
        """The region of a key that begins so and with no longer prefix; -1 where there is none."""
        return self._region(start, bisect_left(self._prefixes, start))

    def at(self, start: str) -> tuple[Threat, ...]:
        """To a key that begins so and with no longer prefix."""
        place = self.place(start)
        return () if place < 0 else self._threats[place]

    def _below(self, start: str) -> tuple[int, int, int]:
        """The region of a key that begins so, and the places of the prefixes that begin so, from
        the first to the one behind the last.
        """
        first = bisect_left(self._prefixes, start)
        at = self._region(start, first)
        if first == len(self._prefixes) or not self._prefixes[first].startswith(start):
            return at, 0, 0
        behind = _behind(start)
        last = len(self._prefixes) if behind is None else bisect_left(self._prefixes, behind)
        return at, first, last

    def _region(self, key: str, nth: int) -> int:
        """The place of the longest prefix that the key begins with; -1 where there is none. `nth`
        is that of the first that is not before the key.
        """
        if nth < len(self._prefixes) and self._prefixes[nth] == key:
            return nth
        nth -= 1
        while nth >= 0 and not key.startswith(self._prefixes[nth]):
            nth = self._enclosing[nth]
        return nth

    def _in_regions(self, at: int, other: int, first: int, behind: int) -> tuple[Threat, ...]:
        places = {at, other, *range(first, behind)} - {-1}
        found = dict.fromkeys(threat for nth in sorted(places) for threat in self._threats[nth])
        return tuple(found)


def _enclosing(nth: int, prefixes: list[str]) -> int:
    """The place of the longest other prefix that one begins with; -1 where there is none."""
    for other in range(nth - 1, -1, -1):
        if prefixes[nth].startswith(prefixes[other]):
            return other
    return -1


def _lasting(prefix: str, threats: Iterable[Threat]) -> Iterator[Threat]:
    """Those that reach an object of a region before another one took it."""
    there = [each for each in threats if prefix.startswith(each.scope.prefix)]
    for each in there:
        if any(comes_first(each, size, there) for size in sizes_of(each, there)):
            yield each


def sizes_of(threat: Threat, others: Iterable[Threat]) -> list[int]:
    """Between the sizes of its objects at which another one begins or ends to match. Of objects
    with only its own tags: any more let others match, too.
    """
    sizes = {threat.scope.at_least, *sizes_apart(other.scope for other in others)}
    return [size for size in sizes if threat.admits(threat.scope.tags, size)]


def comes_first(threat: Threat, size: int, threats: Sequence[Threat]) -> bool:
    """Whether it takes an object with only its own tags, and this size, that `threats` reach. Of
    two at the same time the later one in order does.
    """
    nth = threats.index(threat)
    return not any(
        other.admits(threat.scope.tags, size)
        and other.is_before(threat)
        and (other_nth > nth or not threat.is_before(other))
        for other_nth, other in enumerate(threats)
        if other_nth != nth
    )


def _behind(start: str) -> str | None:
    """The least text behind all that begin so; None where there is none."""
    while start:
        if ord(start[-1]) < _LAST:
            return start[:-1] + chr(ord(start[-1]) + 1)
        start = start[:-1]
    return None
