"""What is stored below a prefix, and below which of its folders most of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume, merged

SHOWN: Final = 100
"""A folder is shown with a hundredth of all bytes; what is smaller is only in the sum above it."""
LOOKED_INTO: Final = 20
"""A folder with a twentieth is looked into."""

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


def large_folders(
    whole: int, depth: int, below: Callable[[Sequence[str]], Mapping[str, int]]
) -> dict[str, str]:
    """The folders in which much of the bytes `whole` lies, at most so many deep, each with the one
    that it is in; of one the one of most bytes first. `below` says how many bytes lie in the
    folders of some folders; it may say so of those themselves, and may leave out small ones.
    """
    found: dict[str, str] = {}
    parents: Sequence[str] = ("",)
    while parents and depth:
        sizes = below(parents)
        shown = [each for each in sizes if each not in parents and is_shown(sizes[each], whole)]
        shown.sort(key=lambda each: (-sizes[each], each))
        for each in shown:
            found[each] = max((one for one in parents if each.startswith(one)), key=len)
        parents = [each for each in shown if sizes[each] * LOOKED_INTO >= whole]
        depth -= 1
    return found


def is_shown(size: int, whole: int) -> bool:
    return size * SHOWN >= whole


def prefixes_of(branch: Branch) -> Iterator[str]:
    """Its own, and those of all its folders."""
    yield branch.prefix
    for each in branch.branches:
        yield from prefixes_of(each)


def total(stored: StoredBy) -> Volume:
    return merged({None: volume} for volume in stored.values()).get(None, Volume())
