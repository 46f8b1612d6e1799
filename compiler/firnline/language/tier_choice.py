"""Which tiers can say S3's transitions, given the classes that the policy already has?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from firnline.language.edit_map import Value
from firnline.language.nodes import Map, Text
from firnline.language.other_values import same_value
from firnline.language.tier_classes import DEFAULT_CLASSES
from firnline.language.units import parse_duration

Moves = tuple[tuple[str, str], ...]
"""Ages and storage classes."""

_TIERS: Final = tuple(DEFAULT_CLASSES)
USUAL_TIERS: Final[Mapping[str, str]] = {
    "STANDARD_IA": "warm",
    "ONEZONE_IA": "warm",
    "INTELLIGENT_TIERING": "warm",
    "GLACIER_IR": "cold",
    "GLACIER": "archive",
    "DEEP_ARCHIVE": "archive",
}


class CannotSay(ValueError):
    """No tiers are left for these transitions."""


class TierChoice(NamedTuple):
    """`classes` behind the tiers here, and the tiers whose class something here relies on."""

    classes: Mapping[str, str]
    relied_on: frozenset[str]

    def settings(self, moves: Moves) -> Mapping[str, Value]:
        tiers = self._tiers(moves)
        ages = {f"{tier}_after": days for tier, (days, _) in zip(tiers, moves, strict=True)}
        return {**self._overridden(tiers, moves), **ages}

    def settings_of_old_versions(self, moves: Moves) -> Mapping[str, Value]:
        tiers = self._tiers(moves)
        ages = {f"{tier}_after": days for tier, (days, _) in zip(tiers, moves, strict=True)}
        return {**self._overridden(tiers, moves), "old_versions": ages}

    def class_of(self, into: str) -> Mapping[str, Value]:
        """Such a class behind its usual tier."""
        if into not in USUAL_TIERS:
            raise CannotSay
        return {USUAL_TIERS[into]: into}

    def _tiers(self, moves: Moves) -> Sequence[str]:
        """In the order of the transitions; the fewest with another class than they have."""
        days = [parse_duration(after) for after, _ in moves]
        if days != sorted(set(days)) or not all(into in USUAL_TIERS for _, into in moves):
            raise CannotSay
        possible = [each for each in combinations(_TIERS, len(moves)) if self._can(each, moves)]
        if not possible:
            raise CannotSay
        return min(possible, key=lambda tiers: self._cost(tiers, moves))

    def _can(self, tiers: Sequence[str], moves: Moves) -> bool:
        return all(
            self.classes[tier] == into or tier not in self.relied_on
            for tier, (_, into) in zip(tiers, moves, strict=True)
        )

    def _cost(self, tiers: Sequence[str], moves: Moves) -> tuple[int, int]:
        pairs = list(zip(tiers, (into for _, into in moves), strict=True))
        others = sum(self.classes[tier] != into for tier, into in pairs)
        return others, sum(
            abs(_TIERS.index(tier) - _TIERS.index(USUAL_TIERS[i])) for tier, i in pairs
        )

    def _overridden(self, tiers: Sequence[str], moves: Moves) -> Mapping[str, Value]:
        pairs = zip(tiers, (into for _, into in moves), strict=True)
        changed = {tier: into for tier, into in pairs if self.classes[tier] != into}
        return {"storage_classes": changed} if changed else {}


def tier_choice(*maps: Map) -> TierChoice:
    """For what is written in the last of the maps; those before it hold it."""
    classes = {tier: str(each) for tier, each in DEFAULT_CLASSES.items()}
    relied_on: set[str] = set()
    for settings in maps:
        said = settings.get("storage_classes")
        for tier, into in said.entries if isinstance(said, Map) else ():
            if tier.value in classes and isinstance(into, Text):
                classes[tier.value] = same_value("storage class", into.value) or into.value
                relied_on |= {tier.value} if settings is maps[-1] else set()
    relied_on |= {tier for each in maps for tier in _TIERS if _is_used(tier, each)}
    return TierChoice(classes, frozenset(relied_on))


def _is_used(tier: str, settings: Map) -> bool:
    old = settings.get("old_versions")
    return settings.key(f"{tier}_after") is not None or (
        isinstance(old, Map) and old.key(f"{tier}_after") is not None
    )
