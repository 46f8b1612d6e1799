"""The blast radius of a change on one page: what is stored, two sets of rules and what a review
tells of them → what is deleted and moved because of each review item, and in all.

Memory grows with the number of review items, and not with that of objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import NamedTuple

from firnline.inventory.forecast.bounded import NO_VOLUME, BoundedVolume
from firnline.inventory.radius.reached import BucketFacts, Reached
from firnline.inventory.radius.scopes import Scopes
from firnline.inventory.radius.sooner import DELETING, Done, Way, Window
from firnline.inventory.radius.sums import Mark, Row, Sums, What
from firnline.rules.diff.items import ReviewItem
from firnline.s3.terms import Clock


@dataclass(frozen=True, slots=True)
class Affected:
    """What a change does that was not done before, and what it no longer does, on the buckets that
    are `known`; `scope` is all that is stored there where it may do something. `oldest` stand for
    those that an item deletes first: the oldest ones of its first run. `deleted_by_tag` is the same
    by the value of a tag, if one is named; None is no value that is told apart.
    """

    scope: BoundedVolume
    done: Mapping[What, BoundedVolume]
    known: tuple[str, ...]
    oldest: tuple[Mark, ...] = ()
    deleted_by_tag: Mapping[str | None, BoundedVolume] = field(default_factory=dict)

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


class OnBucket(NamedTuple):
    """Of one item on one bucket: what its first run deletes there, all that is stored in its scope,
    and in the bucket.
    """

    deleted: BoundedVolume
    scope: BoundedVolume
    stored: BoundedVolume


@dataclass(frozen=True, slots=True)
class Radius:
    """`items` are as those of the comparison, None where nothing is known of what any of their
    buckets stores. `known` are the buckets of which something is known, `unknown` those on which
    something changes and of which nothing is, and `untold` those of which that is so of a clock.
    `on` are the parts of an item, by its number, on each of the buckets that are told of.
    """

    total: Affected
    items: tuple[Affected | None, ...]
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    untold: tuple[tuple[str, Clock], ...]
    on: Mapping[tuple[int, str], OnBucket] = field(default_factory=dict)

    @property
    def is_partial(self) -> bool:
        return bool(self.unknown or self.untold)


def radius(
    items: Sequence[ReviewItem], facts: Iterable[BucketFacts], starts: Sequence[datetime]
) -> Radius:
    """`starts` are midnights: the rules act first at the first one, and until the last one."""
    sums = Sums()
    tells: dict[str, frozenset[Clock]] = {}
    on: dict[tuple[int, str], OnBucket] = {}
    for bucket in facts:
        of_bucket = Sums()
        tells[bucket.key] = bucket.tells
        here = [
            (number, item.change) for number, item in enumerate(items) if bucket.key in item.buckets
        ]
        Reached(bucket, Scopes(here), starts, of_bucket).add()
        for number, change in here:
            if change.clock in bucket.tells:
                on[number, bucket.key] = _on_bucket(of_bucket, number, bucket.key)
        sums.plus(of_bucket)
    known = tuple(key for key, clocks in tells.items() if clocks)
    changing = dict.fromkeys((key, item.change.clock) for item in items for key in item.buckets)
    return Radius(
        _affected(sums, None, known),
        tuple(
            _affected(sums, number, told) if (told := _known_on(item, tells)) else None
            for number, item in enumerate(items)
        ),
        known,
        tuple(dict.fromkeys(key for key, _ in changing if key not in known)),
        tuple((key, clock) for key, clock in changing if key in known and clock not in tells[key]),
        on,
    )


def _known_on(item: ReviewItem, tells: Mapping[str, frozenset[Clock]]) -> tuple[str, ...]:
    return tuple(key for key in item.buckets if item.change.clock in tells.get(key, ()))


def _on_bucket(sums: Sums, number: int, key: str) -> OnBucket:
    affected = _affected(sums, number, (key,))
    return OnBucket(affected.deleted, affected.scope, sums.volume(Row(None)))


def _affected(sums: Sums, number: int | None, known: tuple[str, ...]) -> Affected:
    oldest = () if number is None else sums.marks(number)
    by_tag = dict(sorted(sums.by_tag(number).items(), key=_rank))
    return Affected(sums.volume(Row(number)), dict(sums.done(number)), known, oldest, by_tag)


def _rank(part: tuple[str | None, BoundedVolume]) -> tuple[bool, int, str]:
    """The values of most bytes first, and what has none of them last."""
    value, volume = part
    return value is None, -volume.bytes.at_most, value or ""
