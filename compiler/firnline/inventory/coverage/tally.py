"""What is stored of object versions that scopes treat alike, and do they match it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple, assert_never

from firnline.inventory.facts.branch import StoredBy, total
from firnline.inventory.forecast.volume import Volume
from firnline.s3.scope import NO_LIMIT, Scope, Tags


class Match(Enum):
    """Whether a scope matches objects; `OPEN` where what is told of them leaves it open."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


class Tally(NamedTuple):
    """All keys begin with `prefix`; of the prefixes in `longer` it is not known which of them begin
    with one, and with no other longer one of a scope do they. Of the tag keys in `told` they have
    the values in `tags` or none; where that is None, it holds for all tag keys. Sizes are from
    `least` to `most`. `current` or noncurrent versions; None where that is not known.
    """

    prefix: str
    tags: Tags
    told: frozenset[str] | None
    least: int
    most: int
    current: bool | None
    stored: StoredBy
    longer: frozenset[str] = frozenset()

    @property
    def volume(self) -> Volume:
        return total(self.stored)


def matches(scope: Scope, tally: Tally) -> Match:
    found = (_of_key(scope, tally), _of_tags(scope, tally), _of_size(scope, tally))
    if Match.NO in found:
        return Match.NO
    return Match.OPEN if Match.OPEN in found else Match.YES


class Matched(NamedTuple):
    """What a scope matches: surely, and perhaps beside that."""

    sure: Volume = Volume()
    perhaps: Volume = Volume()

    @property
    def is_none(self) -> bool:
        return not (self.sure.objects or self.perhaps.objects)

    def plus(self, other: Matched) -> Matched:
        return Matched(self.sure.plus(other.sure), self.perhaps.plus(other.perhaps))


class Scopes:
    """Those that may match a tally are found by its prefix."""

    def __init__(self, scopes: Iterable[Scope]) -> None:
        self._by_prefix: dict[str, list[Scope]] = defaultdict(list)
        for each in dict.fromkeys(scopes):
            self._by_prefix[each.prefix].append(each)
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix})

    def near(self, tally: Tally) -> Iterator[Scope]:
        """Of which the prefix may match."""
        for length in self._lengths:
            if length <= len(tally.prefix):
                yield from self._by_prefix.get(tally.prefix[:length], ())
        for prefix in tally.longer:
            yield from self._by_prefix.get(prefix, ())

    def match(self, tally: Tally) -> Match:
        """Whether any of them does."""
        found = {matches(each, tally) for each in self.near(tally)}
        if Match.YES in found:
            return Match.YES
        return Match.OPEN if Match.OPEN in found else Match.NO


def matched(scopes: Iterable[Scope], tallies: Sequence[Tally]) -> dict[Scope, Matched]:
    """How much each of them matches."""
    known = tuple(dict.fromkeys(scopes))
    sums = dict.fromkeys(known, Matched())
    near = Scopes(known)
    for tally in tallies:
        for each in near.near(tally):
            sums[each] = sums[each].plus(part(matches(each, tally), tally.volume))
    return sums


def part(found: Match, volume: Volume) -> Matched:
    """Of objects that a scope matches so."""
    match found:
        case Match.YES:
            return Matched(volume)
        case Match.OPEN:
            return Matched(perhaps=volume)
        case Match.NO:
            return Matched()
        case _:
            assert_never(found)


def left_over(found: Match, volume: Volume) -> Matched:
    """Of objects that a scope does not match so."""
    return Matched(volume) if found is Match.NO else Matched(perhaps=part(found, volume).perhaps)


def _of_key(scope: Scope, tally: Tally) -> Match:
    if tally.prefix.startswith(scope.prefix):
        return Match.YES
    return Match.OPEN if scope.prefix in tally.longer else Match.NO


def _of_tags(scope: Scope, tally: Tally) -> Match:
    found = Match.YES
    for tag in scope.tags:
        if tag in tally.tags:
            continue
        if tally.told is None or tag[0] in tally.told:
            return Match.NO
        found = Match.OPEN
    return found


def _of_size(scope: Scope, tally: Tally) -> Match:
    limit = NO_LIMIT if scope.at_most is None else scope.at_most
    if scope.at_least <= tally.least and tally.most <= limit:
        return Match.YES
    return Match.NO if tally.most < scope.at_least or limit < tally.least else Match.OPEN
