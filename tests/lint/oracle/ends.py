"""Which ends surprise: by everything that they cover, by a date, or by a rule that ends sooner?"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from firnline.s3.shape import Json
from tests.lint.lifecycle_files import Place
from tests.lint.oracle.sufferer import Sufferer
from tests.lint.oracle.universe import (
    BEFORE_ALL_DATES,
    COUNT,
    EXPIRATION,
    OLD_EXPIRATION,
    Cell,
    Item,
    Reading,
    Universe,
    ordinal,
)

READINGS = {EXPIRATION: None, OLD_EXPIRATION: Reading.KEEPS}
Neighbours = tuple[Cell, str, tuple[int, ...], int]


def states_end(rule: Json, action: str) -> bool:
    return bool({"Days", "Date", "NoncurrentDays"} & rule.get(action, {}).keys())


def old_end(stated: Json, newer: int) -> float:
    return math.inf if newer < stated.get(COUNT, 0) else stated["NoncurrentDays"]


def of_whole_rules(universe: Universe) -> Iterator[Sufferer]:
    """FL240 and FL244."""
    for n in universe.enabled:
        if not states_end(universe.rules[n], EXPIRATION) or not universe.scopes[n]:
            continue
        place = frozenset({Place(n, EXPIRATION)})
        if len(universe.scopes[n]) == len(universe.items):
            yield Sufferer("FL240", place, "every item expires")
        elif "Date" in universe.rules[n][EXPIRATION]:
            yield Sufferer("FL244", place, "what is created after the date expires at once")


def cut_short(universe: Universe) -> Iterator[Sufferer]:
    """FL301, where the sooner end covers more; FL245, where each covers something of its own."""
    crossing = list[tuple[Neighbours, str]]()
    inside = set[frozenset[Place]]()
    for neighbours in _neighbours(universe):
        cell, action, inner, outer = neighbours
        if told := _cuts(universe, action, inner, outer):
            story = f"{cell.item}: r{outer} {told}"
            if universe.scopes[inner[0]] < universe.scopes[outer]:
                places = _places(inner, action)
                inside.add(places)
                yield Sufferer("FL301", places, story, READINGS[action])
            else:
                crossing.append((neighbours, story))
    for (cell, action, inner, outer), story in crossing:
        places = _places(inner, action)
        both = any(_cuts(universe, action, (outer,), n) for n in inner)
        twins = [n for n in cell.rules if universe.scopes[n] == universe.scopes[outer]]
        partner = _places(twins if both else (), action)
        told_already = places in inside
        reading = READINGS[action]
        yield Sufferer("FL245", places, story, reading, partner, is_told=not told_already)


def _neighbours(universe: Universe) -> Iterator[Neighbours]:
    """In each cell the rules of one narrowest scope that state an end, beside each other rule."""
    for cell in universe.cells:
        for action in (EXPIRATION, OLD_EXPIRATION) if universe.keeps_versions else (EXPIRATION,):
            stating = [n for n in cell.rules if states_end(universe.rules[n], action)]
            by_scope = defaultdict[frozenset[Item], list[int]](list)
            for n in stating:
                by_scope[universe.scopes[n]].append(n)
            for scope, inner in by_scope.items():
                if not any(other < scope for other in by_scope):
                    for outer in stating:
                        if outer not in inner:
                            yield cell, action, tuple(inner), outer


def _cuts(universe: Universe, action: str, inner: tuple[int, ...], outer: int) -> str:
    """How another rule ends something sooner than these together, as a sentence."""
    ends = [universe.rules[n][action] for n in inner]
    other = universe.rules[outer][action]
    if action == EXPIRATION:
        for created in _creations(universe, [*ends, other]):
            alone = min(_end(universe, created, each) for each in ends)
            sooner = _end(universe, created, other)
            if sooner < alone:
                return f"ends it on day {sooner - created} of its life, not {alone - created}"
    else:
        for newer in range(universe.most_newer + 1):
            stated = min(old_end(each, newer) for each in ends)
            earlier = old_end(other, newer)
            if earlier < stated:
                return f"ends noncurrent versions under {newer} newer at {earlier}d, not {stated}d"
    return ""


def _creations(universe: Universe, ends: list[Json]) -> Iterator[int]:
    """Days on which something may have been created, before and after whatever is stated."""
    longest = max(end.get("Days", 0) for end in ends)
    now = max(universe.today, BEFORE_ALL_DATES + 10_000)
    for day in {now, *(ordinal(end["Date"]) for end in ends if "Date" in end)}:
        yield from (day + offset for offset in (-longest - 2, -1, 0, 1))


def _end(universe: Universe, created: int, end: Json) -> int:
    due = created + end["Days"] if "Days" in end else ordinal(end["Date"])
    return max(due, created, universe.today)


def _places(rules: Iterable[int], action: str) -> frozenset[Place]:
    return frozenset(Place(n, action) for n in rules)
