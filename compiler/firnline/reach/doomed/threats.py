"""What would the rules of a bucket delete, or archive out of reach, of what a location covers?

A reference tells neither tags nor sizes, so that any filter may match. Rules by age alone are
looked at: what is kept until nothing needs it is no threat. A region is all keys of which the same
prefix of the program is the longest that they begin with: within one, the same units match.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final, assert_never

from firnline.diagnostics.position import Span
from firnline.reach.location import Location, LocationKind
from firnline.rules.program import Owned, Program, Unit
from firnline.s3.law.classes import READING, Reading
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock, Days, StorageClass

_REMEMBERED: Final = 4096
_LAST: Final = 0x10FFFF


class Loss(Enum):
    """Why an object can no longer be read as it is."""

    DELETED = "deleted"
    ARCHIVED = "archived"
    """It is in a class from which it must be restored first."""


@dataclass(frozen=True, slots=True, eq=False)
class Threat:
    """What happens to all objects in `scope` that are so old, and where a policy says it;
    `storage_class` is where they are archived. Equal only to itself, as units are.
    """

    loss: Loss
    after: Days
    scope: Scope
    span: Span
    unit: Unit
    storage_class: StorageClass | None = None


class Threats:
    """Of the rules of one program, by the keys that they reach."""

    def __init__(self, program: Program) -> None:
        owned = program.owned(Clock.OBJECTS)
        self._prefixes = sorted({each.prefix for each in owned})
        self._enclosing = [_enclosing(nth, self._prefixes) for nth in range(len(self._prefixes))]
        threats = {each: tuple(_threats(each)) for each in owned}
        self._threats = [
            tuple(threat for each in _deciding(prefix, owned) for threat in threats[each])
            for prefix in self._prefixes
        ]
        self._of_regions = lru_cache(_REMEMBERED)(self._in_regions)

    def of(self, location: Location) -> tuple[Threat, ...]:
        """To anything that the location covers, the earliest first."""
        key = location.key
        match location.kind:
            case LocationKind.EXACT:
                at = self._region(key) if key else -1  # no object has an empty key
                return self._of_regions(at, -1, 0, 0)
            case LocationKind.RAW_PREFIX:
                return self._of_regions(self._region(key), -1, *self._below(key))
            case LocationKind.DIR:
                below = f"{key}/" if key else ""
                at = self._region(key) if key else -1
                return self._of_regions(at, self._region(below), *self._below(below))
            case _:
                assert_never(location.kind)

    def _region(self, key: str) -> int:
        """The place of the longest prefix that the key begins with; -1 where there is none."""
        nth = bisect_left(self._prefixes, key)
        if nth < len(self._prefixes) and self._prefixes[nth] == key:
            return nth
        nth -= 1
        while nth >= 0 and not key.startswith(self._prefixes[nth]):
            nth = self._enclosing[nth]
        return nth

    def _below(self, start: str) -> tuple[int, int]:
        """The places of the prefixes that begin so, from the first to the one behind the last."""
        first = bisect_left(self._prefixes, start)
        behind = _behind(start)
        return first, len(self._prefixes) if behind is None else bisect_left(self._prefixes, behind)

    def _in_regions(self, at: int, other: int, first: int, behind: int) -> tuple[Threat, ...]:
        places = {at, other, *range(first, behind)} - {-1}
        found = dict.fromkeys(threat for nth in sorted(places) for threat in self._threats[nth])
        return tuple(sorted(found, key=lambda each: (each.loss is Loss.ARCHIVED, each.after)))


def _enclosing(nth: int, prefixes: list[str]) -> int:
    """The place of the longest other prefix that one begins with; -1 where there is none."""
    for other in range(nth - 1, -1, -1):
        if prefixes[nth].startswith(prefixes[other]):
            return other
    return -1


def _deciding(prefix: str, owned: Iterable[Owned]) -> Iterator[Owned]:
    """Those that decide for some object of a region: not those of which a narrower one takes all
    that they match there.
    """
    there = [each for each in owned if prefix.startswith(each.prefix)]
    for each in there:
        narrower = (other for other in there if len(other.prefix) > len(each.prefix))
        if not any(_admits_all(other.scope, each.scope) for other in narrower):
            yield each


def _admits_all(scope: Scope, other: Scope) -> bool:
    """Whether a filter by tags and sizes admits all objects that another one does."""
    return Scope("", scope.tags, scope.at_least, scope.at_most).holds(
        Scope("", other.tags, other.at_least, other.at_most)
    )


def _threats(owned: Owned) -> Iterator[Threat]:
    line, unit = owned.timeline, owned.unit
    if line.ends is not None and line.delete is not None:
        yield Threat(Loss.DELETED, line.ends, owned.scope, line.delete.span, unit)
    for move in line.moves:
        is_gone = line.ends is not None and line.ends <= move.after
        if READING[move.storage_class] >= Reading.RESTORE and not is_gone:
            scope = owned.scope.from_size(unit.moves_from)
            yield Threat(Loss.ARCHIVED, move.after, scope, move.span, unit, move.storage_class)
            return  # from one archive to the next it is no nearer


def _behind(start: str) -> str | None:
    """The least text behind all that begin so; None where there is none."""
    while start:
        if ord(start[-1]) < _LAST:
            return start[:-1] + chr(ord(start[-1]) + 1)
        start = start[:-1]
    return None
