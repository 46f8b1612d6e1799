"""What is stored, by prefix, tag and owner, and what it costs a month: as the commands tell it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from firnline.inventory.forecast.cost import Usd
from firnline.inventory.forecast.volume import Volume


class Line(NamedTuple):
    """A prefix and all below it; `depth` is 0 for the whole bucket. `owners` are those of the
    policies that say how long it is kept.
    """

    depth: int
    prefix: str
    total: Volume
    usd_a_month: Usd
    owners: tuple[str, ...] = ()


class Part(Enum):
    """Of a bucket, by a tag; the value is its name in JSON."""

    VALUE = "value"
    OTHER_VALUES = "other_values"
    UNTAGGED = "untagged"
    NOT_TOLD = "not_told"


class TagLine(NamedTuple):
    """`value` is that of the tag, or for `OTHER_VALUES` how many they are."""

    part: Part
    value: str
    total: Volume
    usd_a_month: Usd


class ByTag(NamedTuple):
    tag: str
    lines: tuple[TagLine, ...]


class OwnerLine(NamedTuple):
    """What one of these owners answers for, None being no policy: of several, nobody knows whose it
    is without the tags.
    """

    owners: tuple[str | None, ...]
    total: Volume
    usd_a_month: Usd


@dataclass(frozen=True, slots=True)
class StoredReport:
    """`facts` and `prices` say in words what it stands on. Each line is followed by those of its
    folders; the first is of the whole bucket. `has_owners` says whether policies cover the bucket.
    `by_owner` is None where nobody asked.
    """

    bucket: str
    facts: str
    prices: str
    lines: tuple[Line, ...]
    by_tag: tuple[ByTag, ...] = ()
    has_owners: bool = False
    by_owner: tuple[OwnerLine, ...] | None = None
