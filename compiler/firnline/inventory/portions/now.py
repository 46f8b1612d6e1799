"""How much is stored today: by what decides its price, and what of it only costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.monthly import as_it_is
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.forecast.volume import Volume, merged
from firnline.s3.simulate.stored import ItemKind


@dataclass(frozen=True, slots=True)
class Now:
    """`stored` has the current and the noncurrent versions, the latter in `noncurrent` again, and
    `parts` the parts of incomplete uploads.
    """

    stored: Mapping[StoredAs, Volume]
    noncurrent: Volume
    delete_markers: int
    parts: Mapping[StoredAs, Volume]

    @property
    def total(self) -> Volume:
        return _sum(self.stored)

    @property
    def uploads(self) -> Volume:
        return _sum(self.parts)

    @property
    def billed(self) -> Mapping[StoredAs, Volume]:
        return merged((self.stored, self.parts))

    def plus(self, other: Now) -> Now:
        return Now(
            merged((self.stored, other.stored)),
            self.noncurrent.plus(other.noncurrent),
            self.delete_markers + other.delete_markers,
            merged((self.parts, other.parts)),
        )


def now(contents: Contents) -> Now:
    """What is open of it is what happens to it, and not how much it is."""
    stored: dict[StoredAs, Volume] = defaultdict(Volume)
    parts: dict[StoredAs, Volume] = defaultdict(Volume)
    noncurrent, markers = Volume(), 0
    for each in _stored(contents):
        price = as_it_is(each.example)
        match each.example.kind:
            case ItemKind.OBJECT_VERSION:
                stored[price] = stored[price].plus(each.volume)
                noncurrent = noncurrent.plus(each.volume, int(not each.example.current))
            case ItemKind.DELETE_MARKER:
                markers += each.volume.objects
            case ItemKind.MULTIPART_UPLOAD:
                parts[price] = parts[price].plus(each.volume)
            case _:
                assert_never(each.example.kind)
    return Now(dict(stored), noncurrent, markers, dict(parts))


def _sum(volumes: Mapping[StoredAs, Volume]) -> Volume:
    return merged({None: volume} for volume in volumes.values()).get(None, Volume())


def _stored(contents: Contents) -> Iterator[Stored]:
    """What is there: some have no volume, and are told of for what they do to other versions."""
    yield from (each for group in contents.groups for each in group if each.volume != Volume())
