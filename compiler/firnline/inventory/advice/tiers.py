"""The tiers that are proposed for a bucket, without those that were warned about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain

from firnline.inventory.advice.below import Node
from firnline.inventory.advice.choices import YOUNGEST, choices
from firnline.inventory.advice.proposed import Proposed
from firnline.inventory.advice.search import Limits, best
from firnline.inventory.advice.timeline import Cleanup, Timeline
from firnline.inventory.advice.value import Tariff
from firnline.inventory.advice.worth import Circumstances
from firnline.inventory.forecast.monthly import as_it_is
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume, merged


@dataclass(slots=True)
class Seeking:
    """`ends`: by prefix, the age at which current objects may be deleted. `least`: the dollars that
    a prefix must save within the months of the forecast. `refused` are classes by prefix.
    """

    root: Node
    at: Circumstances
    cleanup: Cleanup
    classes: Collection[str]
    ends: Mapping[str, int]
    sizes: Sequence[int]
    least: Fraction
    refused: set[tuple[str, str]] = field(default_factory=set)

    def best(self) -> Proposed:
        """Raises `NoPrice`."""
        at = self.at
        tariff = Tariff(at.starts, at.prices, at.state, self.cleanup, _stored(self.root))
        limits = Limits(self._choices, self.ends, self.sizes, self.least)
        return Proposed(self.cleanup, tuple(best(self.root, limits, tariff)))

    def _choices(self, node: Node) -> list[Timeline]:
        classes = [each for each in self.classes if (node.prefix, each) not in self.refused]
        ends = self.ends.get(node.prefix)
        moving = [Timeline(moves, ends=ends) for moves in choices(classes, YOUNGEST, ends)]
        return moving if ends is None else [Timeline(ends=ends), *moving]


def _stored(root: Node) -> Mapping[StoredAs, Volume]:
    groups = chain.from_iterable(node.stored for node in root.all)
    return merged({as_it_is(each.example): each.volume} for each in chain.from_iterable(groups))
