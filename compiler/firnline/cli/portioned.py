"""What is stored in buckets → its portions, with dollars where prices are known."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from firnline.cli.forecasting import InRegion, by_region
from firnline.cli.known_buckets import Gathered, KnownBucket, Settings
from firnline.cli.prices_of import prices_of
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.portions.dollars import Unpriced
from firnline.inventory.portions.portion import Portion, average_prices, portions
from firnline.inventory.prices.price_list import NoPrice, Prices

Name = TypeVar("Name", bound=Hashable)
Naming = Callable[[KnownBucket], Callable[[Stored], Name]]


@dataclass(frozen=True, slots=True)
class Portioned(Generic[Name]):
    """`unpriced` says of buckets, by their keys, why it is not known what they cost."""

    buckets: tuple[tuple[KnownBucket, Changed, Mapping[Name, Portion]], ...]
    unpriced: Mapping[str, NoPrice]

    @property
    def unpriced_buckets(self) -> tuple[Unpriced, ...]:
        """Those in which something is stored."""
        return tuple(
            Unpriced(bucket.name, self.unpriced[bucket.key])
            for bucket, _, found in self.buckets
            if found and bucket.key in self.unpriced
        )


def portioned(gathered: Gathered, settings: Settings, naming: Naming[Name]) -> Portioned[Name]:
    unpriced: dict[str, NoPrice] = {}
    found: dict[str, Mapping[Name, Portion]] = {}
    for (_, region), here in by_region(gathered, settings).items():
        try:
            found |= _priced(here, gathered.starts, prices_of(region), naming, unpriced)
        except NoPrice as why:
            unpriced |= {bucket.key: why for bucket, _ in here}
    for bucket, changed in gathered.buckets:
        if bucket.key in unpriced:
            without = Unpriced(bucket.name, unpriced[bucket.key])
            found[bucket.key] = portions(changed, naming(bucket), gathered.starts, without)
    buckets = ((bucket, changed, found[bucket.key]) for bucket, changed in gathered.buckets)
    return Portioned(tuple(buckets), unpriced)


def _priced(
    here: InRegion,
    starts: Sequence[datetime],
    prices: Prices,
    naming: Naming[Name],
    unpriced: dict[str, NoPrice],
) -> dict[str, Mapping[Name, Portion]]:
    """By bucket, without what is `unpriced`, or becomes so as a price that it needs is missing. The
    others share the price bands without it.
    """
    left = [each for each in here if each[0].key not in unpriced]
    averaged = average_prices((changed for _, changed in left), prices)
    found: dict[str, Mapping[Name, Portion]] = {}
    for bucket, changed in left:
        try:
            found[bucket.key] = portions(changed, naming(bucket), starts, averaged)
        except NoPrice as why:
            unpriced[bucket.key] = why
    if len(found) < len(left):
        return _priced(left, starts, prices, naming, unpriced)
    return found
