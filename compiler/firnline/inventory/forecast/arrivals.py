"""What is written every month below a prefix, as somebody states it → what arrives on each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from firnline.inventory.forecast.groups import Group, Stored
from firnline.inventory.forecast.volume import Volume
from firnline.s3.billing import MINIMUM_SIZE
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Bytes

_MONTHS, _DAYS = 12, 365
_PADDED = MINIMUM_SIZE.value


@dataclass(frozen=True, slots=True)
class Ingest:
    """So many bytes a month below a prefix, in objects of a size."""

    prefix: str
    bytes_a_month: int
    object_size: int

    @property
    def in_words(self) -> str:
        much = f"{Bytes(self.bytes_a_month).rounded} a month into {self.prefix or 'the bucket'}"
        return f"as stated: {much}, in objects of {Bytes(self.object_size).rounded}"

    @property
    def volume(self) -> Volume:
        """Of a month."""
        objects = max(round(self.bytes_a_month / self.object_size), 1)
        return Volume(objects, self.bytes_a_month, max(self.bytes_a_month, objects * _PADDED))


class Arrives(NamedTuple):
    """What is written into a bucket in a month, of which it is told: `since` is the day from which
    on it was counted, None where somebody states it.
    """

    bucket: str
    prefix: str
    storage_class: str
    volume: Volume
    since: date | None = None


def arriving(ingest: Ingest, begin: datetime) -> Group:
    """What is written on the first day: a twelfth of a year's, by 365 days; at least one object.
    Rules see objects of the size that is stated, also where less is written on a day.
    """
    size = ingest.bytes_a_month * _MONTHS // _DAYS
    objects = max(round(size / ingest.object_size), 1)
    padded = max(size, objects * _PADDED)
    example = StoredItem(f"{ingest.prefix}firnline-forecast", begin, ingest.object_size)
    return (Stored(example, Volume(objects, size, padded), begin, tags_known=False),)
