"""The blast radius of a change on one page: what is stored, two sets of rules and what a review
tells of them → what is deleted and moved because of each review item, and in all.

Memory grows with the number of review items, and not with that of objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import NamedTuple

from firnline.inventory.forecast.bounded import NO_VOLUME, BoundedVolume
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.radius.reached import Reached
from firnline.inventory.radius.scopes import Scopes
from firnline.inventory.radius.sooner import Done, Way, Window
from firnline.inventory.radius.sums import Row, Sums, What
from firnline.rules.diff.items import ReviewItem


class BucketFacts(NamedTuple):
    """What is stored in the bucket of a key, under its rules before and after."""

    key: str
    changed: Changed


@dataclass(frozen=True, slots=True)
class Affected:
    """What a change does that was not done before, and what it no longer does; `scope` is all that
    is stored where it may do something.
    """

    scope: BoundedVolume
    done: Mapping[What, BoundedVolume]

    def in_window(self, window: Window, way: Way = Way.NEW) -> dict[Done, BoundedVolume]:
        return {
            what.done: volume
            for what, volume in self.done.items()
            if (what.window, what.way) == (window, way)
        }

    @property
    def deleted(self) -> BoundedVolume:
        """On the first run, and not by the old rules: for good, or hidden by a delete marker."""
        run = self.in_window(Window.FIRST_RUN)
        return reduce(BoundedVolume.plus, (run.get(each, NO_VOLUME) for each in DELETING))


DELETING = (Happens.DELETED, Happens.DELETE_MARKERS, Happens.ABORTED)


@dataclass(frozen=True, slots=True)
class Radius:
    """`items` are as those of the comparison, None where nothing is known of what any of their
    buckets stores; `unknown` are the buckets on which something changes and of which that is so.
    `known` are those of which something is known.
    """

    total: Affected
    items: tuple[Affected | None, ...]
    known: tuple[str, ...]
    unknown: tuple[str, ...]


def radius(
    items: Sequence[ReviewItem], facts: Iterable[BucketFacts], starts: Sequence[datetime]
) -> Radius:
    """`starts` are midnights: the rules act first at the first one, and until the last one."""
    sums = Sums()
    known: list[str] = []
    for bucket in facts:
        known.append(bucket.key)
        here = [
            (number, item.change) for number, item in enumerate(items) if bucket.key in item.buckets
        ]
        Reached(bucket.changed, Scopes(here), starts).add_to(sums)
    changing = dict.fromkeys(key for item in items for key in item.buckets)
    return Radius(
        _affected(sums, None),
        tuple(
            _affected(sums, number) if set(known) & set(item.buckets) else None
            for number, item in enumerate(items)
        ),
        tuple(known),
        tuple(key for key in changing if key not in known),
    )


def _affected(sums: Sums, number: int | None) -> Affected:
    return Affected(sums.volume(Row(number)), dict(sums.done(number)))
