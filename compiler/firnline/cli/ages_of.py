"""How old is what a bucket stores, as far as what tells of it says that?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from firnline.cli.known_buckets import KnownBucket
from firnline.cli.stored import Listed, StoredIn
from firnline.inventory.ages import BANDS, AgesByClass, ages_by_class, together
from firnline.inventory.forecast.volume import Volume
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import ItemKind
from firnline.targets.report.model import Ages


@runtime_checkable
class TellsAges(Protocol):
    def ages(self, at: datetime, /) -> AgesByClass:
        """Of current objects. Raises `CommandFailed`."""


def ages_of(buckets: Sequence[KnownBucket], at: datetime) -> Ages | None:
    """None where nothing tells any. Raises `CommandFailed`."""
    told: list[AgesByClass] = []
    not_told: list[str] = []
    for bucket in buckets:
        found = [_ages(each, at) for each in bucket.stored]
        told += [each for each in found if each is not None]
        if not found or None in found:
            not_told.append(bucket.name)
    return Ages(BANDS, together(told), tuple(not_told)) if told else None


def _ages(stored: StoredIn, at: datetime) -> AgesByClass | None:
    if isinstance(stored, TellsAges):
        return stored.ages(at)
    return _of_listed(stored, at) if isinstance(stored, Listed) else None


def _of_listed(stored: Listed, at: datetime) -> AgesByClass:
    today = midnight_from(at)
    return ages_by_class(
        (item.storage_class, (today - midnight_from(item.created)).days, Volume.of(item.size))
        for item in stored.items
        if item.current and item.kind is ItemKind.OBJECT_VERSION and item.created <= at
    )
