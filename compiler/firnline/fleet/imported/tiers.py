"""As which tiers of a policy are transitions written, and with which storage classes?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from firnline.fleet.imported.model import ImportedMove
from firnline.language.tier_choice import USUAL_TIERS
from firnline.language.tier_classes import DEFAULT_CLASSES

Moves = tuple[ImportedMove, ...]
_TIERS = tuple(DEFAULT_CLASSES)
Classes = Mapping[str, str]
"""By tier, those that are used."""


def tiers_of(objects: Moves, old_versions: Moves = ()) -> tuple[tuple[str, ...], ...] | None:
    """The tiers of objects and of noncurrent versions, with one class behind each: of all ways the
    one with the fewest classes that are not the usual ones; None where there is no way.
    """
    ways = list(_ways(objects, old_versions))
    return min(ways, key=lambda way: _cost(way, (objects, old_versions)), default=None)


def classes_of(tiers: tuple[tuple[str, ...], ...], moves: tuple[Moves, ...]) -> dict[str, str]:
    return {
        tier: str(move.into)
        for names, chain in zip(tiers, moves, strict=True)
        for tier, move in zip(names, chain, strict=True)
    }


def _ways(objects: Moves, old_versions: Moves) -> Iterator[tuple[tuple[str, ...], ...]]:
    for first in combinations(_TIERS, len(objects)):
        for second in combinations(_TIERS, len(old_versions)):
            of_first = classes_of((first,), (objects,))
            of_second = classes_of((second,), (old_versions,))
            if all(of_first.get(tier, into) == into for tier, into in of_second.items()):
                yield first, second


def _cost(way: tuple[tuple[str, ...], ...], moves: tuple[Moves, ...]) -> tuple[int, int]:
    classes = classes_of(way, moves)
    others = sum(DEFAULT_CLASSES[tier] != into for tier, into in classes.items())
    away = sum(abs(_TIERS.index(tier) - _usual(into)) for tier, into in classes.items())
    return others, away


def _usual(into: str) -> int:
    return _TIERS.index(USUAL_TIERS.get(into, _TIERS[-1]))
