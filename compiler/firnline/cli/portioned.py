"""What is stored in buckets → its portions, with dollars where prices are known."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from firnline.cli.forecasting import InRegion, by_region
from firnline.cli.known_buckets import Gathered, KnownBucket, Region, Settings
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
    """`unpriced` says of regions why it is not known what they cost."""

    buckets: tuple[tuple[KnownBucket, Changed, Mapping[Name, Portion]], ...]
    unpriced: Mapping[Region, NoPrice]

    def unpriced_buckets(self, settings: Settings) -> tuple[Unpriced, ...]:
        """Those in which something is stored."""
        return tuple(
            Unpriced(bucket.name, self.unpriced[place])
            for bucket, _, found in self.buckets
            if found and (place := bucket.place(settings)) in self.unpriced
        )


def portioned(gathered: Gathered, settings: Settings, naming: Naming[Name]) -> Portioned[Name]:
    found: list[tuple[KnownBucket, Changed, Mapping[Name, Portion]]] = []
    unpriced: dict[Region, NoPrice] = {}
    for place, here in by_region(gathered, settings).items():
        contents = [changed for _, changed in here]
        try:
            prices = average_prices(contents, prices_of(place[1]))
            found += _portions(here, gathered.starts, prices, naming)
        except NoPrice as why:
            unpriced[place] = why
            found += _portions(here, gathered.starts, why, naming)
    return Portioned(tuple(found), unpriced)


def _portions(
    here: InRegion, starts: Sequence[datetime], prices: Prices | NoPrice, naming: Naming[Name]
) -> list[tuple[KnownBucket, Changed, Mapping[Name, Portion]]]:
    """Raises `NoPrice` where not all that is needed is priced."""
    return [
        (
            bucket,
            changed,
            portions(
                changed,
                naming(bucket),
                starts,
                Unpriced(bucket.name, prices) if isinstance(prices, NoPrice) else prices,
            ),
        )
        for bucket, changed in here
    ]
