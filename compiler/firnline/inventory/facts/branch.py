"""What is stored below a prefix, and below which of its folders most of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume, merged

StoredBy = Mapping[StoredAs, Volume]
"""By what decides the price; a delete marker has none."""


@dataclass(frozen=True, slots=True)
class Branch:
    """What is stored below a prefix, in all versions that are listed; `branches` are its larger
    folders, the one of most bytes first.
    """

    prefix: str
    stored: StoredBy
    branches: tuple[Branch, ...] = ()

    @property
    def total(self) -> Volume:
        return total(self.stored)


def prefixes_of(branch: Branch) -> Iterator[str]:
    """Its own, and those of all its folders."""
    yield branch.prefix
    for each in branch.branches:
        yield from prefixes_of(each)


def total(stored: StoredBy) -> Volume:
    return merged({None: volume} for volume in stored.values()).get(None, Volume())
