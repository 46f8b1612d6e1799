"""What was written on some days, as far as it is still there → what arrives on each day, if it goes
on like that.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from firnline.inventory.forecast.cuts import Cuts, cuts, interval
from firnline.inventory.forecast.groups import Group, Stored
from firnline.inventory.forecast.undecided import Contents, Undecided
from firnline.inventory.forecast.volume import Volume
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.clock import DAY, midnight_from
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days, from one midnight to another."""

    since: datetime
    until: datetime

    @property
    def days(self) -> int:
        return (self.until - self.since).days


def window(since: datetime, until: datetime) -> Window | None:
    """The whole days between two moments; None where there is none."""
    found = Window(midnight_from(since), last_midnight(until))
    return found if found.days > 0 else None


def last_midnight(moment: datetime) -> datetime:
    """The moment itself if it is one."""
    following = midnight_from(moment)
    return following if following == moment else following - DAY


@dataclass(frozen=True, slots=True)
class Written:
    """What was written on so many days: `volume` in all, of items like one of `items`, which are
    created at the midnight at which the first of them arrives. There are several where facts leave
    open what the rules do to them. `prefix` is the longest of the rules' that their keys begin
    with.
    """

    prefix: str
    days: int
    items: tuple[StoredItem, ...]
    volume: Volume
    tags_known: bool

    @property
    def each_day(self) -> Volume:
        """At least one object, and no byte more than was written."""
        objects = max(round(self.volume.objects / self.days), 1)
        size = self.volume.bytes // self.days
        padding = (self.volume.padded - self.volume.bytes) // self.days
        return Volume(objects, size, size + padding)

    @property
    def groups(self) -> tuple[Group, ...]:
        """Of one day: what it may be like."""
        each_day = self.each_day
        known = self.tags_known
        return tuple((Stored(item, each_day, item.created, known),) for item in self.items)


def each_day(found: Iterable[Written]) -> Contents:
    groups = [each.groups for each in found]
    return Contents(
        [each[0] for each in groups if len(each) == 1],
        [Undecided(each) for each in groups if len(each) > 1],
    )


def written(
    contents: Contents,
    rule_sets: Sequence[RuleSet],
    state: BucketState,
    within: Window,
    begin: datetime,
) -> list[Written]:
    """Of what is stored, by what each of the sets of rules treats alike once it arrives at the
    midnight `begin`. The first of them is in force: where it deletes something at an age of fewer
    days than the window has, only so many days are looked at, on which all that was written is
    still there.
    """
    batches = [Batch(rules, state) for rules in rule_sets]
    alike = _Alike(batches, cuts(rule_sets, is_suspended=False))
    prefixes = {rule.filter.prefix for rules in rule_sets for rule in rules.rules}
    found: dict[Hashable, Written] = {}
    for options in _options(contents):
        (made,) = {midnight_from(each.example.created) for each in options}
        first = options[0]
        # A delete marker takes no space.
        if first.example.kind is ItemKind.DELETE_MARKER or not within.since < made <= within.until:
            continue
        items = tuple(_arrived(each, begin) for each in options)
        days = min(_days_kept(batches[0], item, within.days) for item in items)
        if made <= within.until - days * DAY:
            continue
        known = all(each.tags_known for each in options)
        key = (known, *map(alike.key, items))
        volume = first.volume
        if key in found:
            volume = volume.plus(found[key].volume)
            pairs = zip(items, found[key].items, strict=True)
            items = tuple(min(pair, key=lambda one: one.size) for pair in pairs)
        prefix = max(filter(items[0].key.startswith, prefixes), key=len, default="")
        found[key] = Written(prefix, days, items, volume, known)
    return list(found.values())


def oldest(contents: Contents) -> datetime | None:
    """When it was created, to the day."""
    return min((each.example.created for (each, *_) in _options(contents)), default=None)


def _options(contents: Contents) -> Iterator[tuple[Stored, ...]]:
    """What each version may be like; of one date, as facts leave open others of its traits."""
    for stored in chain.from_iterable(contents.decided):
        yield (stored,)
    for keys in contents.undecided:
        yield from zip(*keys.possible, strict=True)


def _arrived(stored: Stored, begin: datetime) -> StoredItem:
    """As if it were created at `begin`, in the class in which it was written, with all its dates
    moved likewise.
    """
    item = stored.example
    later = begin - midnight_from(item.created)
    moved = midnight_from(stored.in_class_since) > midnight_from(item.created)
    return replace(
        item,
        created=begin,
        noncurrent_since=_plus(item.noncurrent_since, later),
        retain_until=_plus(item.retain_until, later),
        storage_class=_FIRST if moved else item.storage_class,
        tier=None if moved else item.tier,
    )


_FIRST = "STANDARD"


def _plus(moment: datetime | None, later: timedelta) -> datetime | None:
    return None if moment is None else midnight_from(moment) + later


def _days_kept(live: Batch, item: StoredItem, most: int) -> int:
    """Until the rules in force delete it for good."""
    for step in live.steps(item, item.created, item.created + most * DAY):
        if step.left is None:
            return max((step.at - item.created).days, 1)
    return most


class _Alike:
    def __init__(self, batches: Sequence[Batch], cuts: Cuts) -> None:
        self._batches = batches
        self._cuts = cuts

    def key(self, item: StoredItem) -> Hashable:
        """The same for items to which the rules do the same."""
        size = bisect_right(self._cuts.sizes, item.size)
        found = tuple(batch.alike(item) for batch in self._batches)
        if any(each is None for each in found):  # a lock ends on a day of its own
            return interval(self._cuts.bounds, item.key), size, replace(item, key="", size=0)
        return found, size


def by_prefix(found: Iterable[Written]) -> dict[tuple[str, str], Volume]:
    """What arrives in a month, a twelfth of 365 days: by prefix and class, most bytes first."""
    sums: dict[tuple[str, str], Volume] = defaultdict(Volume)
    for each in found:
        name = each.prefix, each.items[0].storage_class
        sums[name] = sums[name].plus(each.each_day)
    ordered = sorted(sums.items(), key=lambda each: -each[1].bytes)
    return {name: Volume(*(amount * 365 // 12 for amount in day)) for name, day in ordered}
