"""Storage metrics of a bucket → what checks need to know of it: how much there is in all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from firnline.inventory.coverage.population import Spelt
from firnline.inventory.coverage.tally import Match, Scopes, Tally
from firnline.inventory.facts.branch import Branch, StoredBy
from firnline.inventory.forecast.measured import measured
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.storage_metrics import StorageMetrics
from firnline.s3.scope import NO_LIMIT, Scope, Tags


@dataclass(frozen=True, slots=True)
class SizesPopulation:
    """`Population` of which keys, tags and sizes of objects are not known. The parts of uploads are
    in it, and delete markers are among the objects.
    """

    metrics: StorageMetrics

    @property
    def tells_tags(self) -> bool:
        return False

    def tallies(self, scopes: Collection[Scope], /) -> Sequence[Tally]:
        longer = frozenset(each.prefix for each in scopes if each.prefix)
        told = frozenset[str]()
        return [Tally("", (), told, 0, NO_LIMIT, None, self._stored, longer)]

    def unmatched(self, scopes: Collection[Scope], _depth: int, /) -> Branch | None:
        known = Scopes(scopes)
        if all(known.match(each) is Match.NO for each in self.tallies(scopes)):
            return Branch("", self._stored)
        return None

    def folders_in(self, _parent: str, /) -> Mapping[str, int]:
        return {}

    def spellings(self, _prefix: str, _tags: Tags, /) -> Spelt:
        return {}

    @property
    def _stored(self) -> StoredBy:
        """Objects of which the class is not known count in STANDARD, and none as monitored."""
        sizes = measured(self.metrics, self.metrics.day)
        stored = {
            StoredAs(place.storage_class, place.tier): Volume(
                of.objects, of.bytes, of.bytes + of.padding
            )
            for place, of in sizes.places.items()
        }
        standard = StoredAs("STANDARD")
        others = stored.get(standard, Volume()).plus(Volume(sizes.others))
        return {**stored, standard: others}
