"""How many objects, and how many bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from firnline.s3.billing import MINIMUM_SIZE

Name = TypeVar("Name")


class Volume(NamedTuple):
    """How much is stored. `padded` is bytes with each object as if it had at least 128 KiB, which
    is what some classes bill (S3 pricing, minimum billable object size).
    """

    objects: int = 0
    bytes: int = 0
    padded: int = 0

    @classmethod
    def of(cls, size: int) -> Volume:
        """One object of so many bytes."""
        return cls(1, size, max(size, MINIMUM_SIZE.value))

    def plus(self, other: Volume, times: int = 1) -> Volume:
        return Volume(
            self.objects + times * other.objects,
            self.bytes + times * other.bytes,
            self.padded + times * other.padded,
        )


def merged(volumes: Iterable[Mapping[Name, Volume]]) -> dict[Name, Volume]:
    """The sums, by name."""
    found: dict[Name, Volume] = defaultdict(Volume)
    for each in volumes:
        for name, volume in each.items():
            found[name] = found[name].plus(volume)
    return dict(found)
