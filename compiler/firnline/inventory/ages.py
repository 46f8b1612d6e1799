"""How much of what is stored is how old, by storage class?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from firnline.inventory.forecast.volume import Volume

ENDS: Final = (28, 84, 168, 364, 728)
"""In days: steps that a summary by weeks tells apart too."""


class AgeBand(NamedTuple):
    """From so many days on, and less than `under`."""

    least: int
    under: int | None


BANDS: Final = tuple(AgeBand(least or 0, under) for least, under in pairwise((0, *ENDS, None)))
AgesByClass = Mapping[str, tuple[Volume, ...]]
"""One volume for each of the bands."""


def ages_by_class(found: Iterable[tuple[str, int, Volume]]) -> AgesByClass:
    """Of a storage class, an age in days, and what has them."""
    sums: dict[str, list[Volume]] = {}
    for storage_class, age, volume in found:
        volumes = sums.setdefault(storage_class, [Volume()] * len(BANDS))
        band = bisect_right(ENDS, age)
        volumes[band] = volumes[band].plus(volume)
    return {name: tuple(volumes) for name, volumes in sums.items()}


def together(found: Iterable[AgesByClass]) -> AgesByClass:
    return ages_by_class(
        (name, band.least, volume)
        for each in found
        for name, volumes in each.items()
        for band, volume in zip(BANDS, volumes, strict=True)
        if volume != Volume()
    )
