"""The tiers that are proposed for a bucket, without those that were warned about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain

from firnline.inventory.advice.below import Node
from firnline.inventory.advice.choices import YOUNGEST, choices
from firnline.inventory.advice.proposed import Proposed
from firnline.inventory.advice.reading import Reading
from firnline.inventory.advice.search import Limits, best
from firnline.inventory.advice.timeline import Cleanup, Timeline
from firnline.inventory.advice.value import Tariff
from firnline.inventory.forecast.monthly import as_it_is
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume, merged


@dataclass(slots=True)
class Seeking:
    """`classes` may be proposed below a prefix. `ends`: by prefix, the age at which current objects
    may be deleted. `least`: the dollars that a prefix must save within the months of the forecast.
    For what is below `taken`, prefixes of policies that are there, nothing is proposed. `refused`
    are classes by prefix. `keeps_undo`: whether old versions below a prefix are what mistakes are
    undone from.
    """

    root: Node
    tariff: Tariff
    cleanup: Cleanup
    classes: Callable[[str], Collection[str]]
    ends: Mapping[str, int]
    sizes: Sequence[int]
    least: Fraction
    taken: Collection[str] = ()
    reading: Reading | None = None
    keeps_undo: Callable[[str], bool] = lambda _: False
    refused: set[tuple[str, str]] = field(default_factory=set)

    def best(self) -> Proposed:
        """Raises `NoPrice`."""
        limits = Limits(self._choices, self.ends, self.sizes, self.least, self.reading)
        found = tuple(best(self.root, limits, self.tariff))
        tiers = {each.prefix for each in found}
        kept = () if "" in tiers else tuple(self._kept(self.root, tiers))
        if not (self.taken or "" in tiers):
            kept = (*kept, "")
        return Proposed(self._cleanup({*tiers, *kept}), found, kept)

    def _cleanup(self, prefixes: Collection[str]) -> Cleanup:
        """Of old versions all but those from which a reader undoes mistakes."""
        if self.cleanup.old_versions is None or not self.keeps_undo(""):
            return self.cleanup
        below = tuple(each for each in sorted(prefixes) if not self.keeps_undo(each))
        old = self.cleanup.old_versions if below else None
        return self.cleanup._replace(old_versions=old, below=below)

    def _kept(self, node: Node, tiers: Collection[str]) -> Iterator[str]:
        """The widest prefixes below a node in which no other one lies, if anything does."""
        for each in node.below:
            if each.prefix in tiers or self._is_in_taken(each):
                continue
            if any(prefix.startswith(each.prefix) for prefix in (*tiers, *self.taken)):
                yield from self._kept(each, tiers)
            elif any(one.stored or one.arriving for one in each.all):
                yield each.prefix

    def _is_in_taken(self, node: Node) -> bool:
        return any(node.prefix.startswith(prefix) for prefix in self.taken)

    def _choices(self, node: Node) -> list[Timeline]:
        if any(prefix.startswith(node.prefix) for prefix in self.taken) or self._is_in_taken(node):
            return []
        allowed = self.classes(node.prefix)
        classes = [each for each in allowed if (node.prefix, each) not in self.refused]
        ends = self.ends.get(node.prefix)
        moving = [Timeline(moves, ends=ends) for moves in choices(classes, YOUNGEST, ends)]
        if self.reading is not None:
            nodes = list(node.all)
            moving = [each for each in moving if not self.reading.forbids(nodes, each)]
        return moving if ends is None else [Timeline(ends=ends), *moving]


def stored_in(root: Node) -> Mapping[StoredAs, Volume]:
    groups = chain.from_iterable(node.stored for node in root.all)
    return merged({as_it_is(each.example): each.volume} for each in chain.from_iterable(groups))
