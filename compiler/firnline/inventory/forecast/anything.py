"""What rules may do at all to keys that are not followed → the most of each number that they add.

The least is nothing: S3 may delete them at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from typing import NamedTuple

from firnline.inventory.forecast.amounts import TOTAL, Amounts, BothRates, Row, What, When, amounts
from firnline.inventory.forecast.bounds import Bounds, by_row
from firnline.inventory.forecast.course import Calendar, Course, Early, Moved, StoredFor, course
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.stays import INTELLIGENT_TIERING, StoredAs
from firnline.inventory.forecast.undecided import Unfollowed
from firnline.inventory.forecast.usage import Fate
from firnline.inventory.forecast.volume import Volume
from firnline.s3.billing import MONITORED_FROM, TIERS_WHEN_NOT_READ
from firnline.s3.law.classes import minimum_stay
from firnline.s3.model import Rule
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import Versioning


@dataclass(frozen=True, slots=True)
class Anything:
    """Of a version under one set of rules: it may be stored as each of `stays` for all months, be
    billed for each move of `paid` once, and `firsts` are what the first run may do to it.
    """

    stays: tuple[Course, ...]
    paid: Course
    firsts: tuple[Course, ...]

    @property
    def courses(self) -> tuple[Course, ...]:
        return (*self.stays, self.paid, *self.firsts)


class OfVersion(NamedTuple):
    volume: Volume
    before: Anything
    after: Anything


def anything(
    found: Unfollowed, before: Batch, after: Batch, calendar: Calendar, days: int = 1
) -> Iterator[OfVersion]:
    """Without what is left alone. `days`: on so many of them such keys are written; they count as
    written on the first.
    """
    alone = [is_left_alone(found, batch, calendar) for batch in (before, after)]
    if all(alone):
        return
    for versions in zip(*found.possible, strict=True):
        items = [each.example for each in versions]
        volume = Volume().plus(versions[0].volume, days)
        yield OfVersion(
            volume,
            *(
                _NO_MORE if known else _anything(items, batch, calendar, is_there=days == 1)
                for known, batch in zip(alone, (before, after), strict=True)
            ),
        )


def is_left_alone(found: Unfollowed, batch: Batch, calendar: Calendar) -> bool:
    """Whether no rule reaches such keys, and they are billed the same, whichever they are like."""
    if any(_is_reached([each.example for each in group], batch) for group in found.possible):
        return False
    courses = {
        tuple(course(Fate(stored, ()), calendar) for stored in group) for group in found.possible
    }
    return len(courses) == 1


def include(bounds: Bounds, found: Iterable[OfVersion], high: BothRates) -> None:
    """`high` are the highest rates. A change saves no more than all that the keys cost before it,
    and loses no more than all that they cost after it.
    """
    for each in _together(found):
        before, saved = _most(each.before, When.BEFORE, each.volume, high)
        after, lost = _most(each.after, When.AFTER, each.volume, high)
        least = {row: [-amount for amount in values] for row, values in lost.items()}
        bounds.include(least, before | after | saved)


def _together(found: Iterable[OfVersion]) -> Iterator[OfVersion]:
    """Those that the rules may do the same to as one."""
    sums: dict[tuple[Anything, Anything], Volume] = defaultdict(Volume)
    for volume, before, after in found:
        sums[before, after] = sums[before, after].plus(volume)
    for (before, after), volume in sums.items():
        yield OfVersion(volume, before, after)


def _most(found: Anything, when: When, volume: Volume, rates: BothRates) -> tuple[Amounts, Amounts]:
    """And what that costs, by month and so far."""

    def of(courses: Iterable[Course]) -> Amounts:
        both = ((each, _NOTHING) if when is When.BEFORE else (_NOTHING, each) for each in courses)
        rows = by_row(max, [amounts(*each, volume, rates, rates) for each in both])
        return {row: values for row, values in rows.items() if row.when is when}

    most, once = of((*found.stays, *found.firsts, _NOTHING)), of([found.paid])
    total = Row(when, What.CHARGE, TOTAL)
    so_far = [amount + once[total][0] for amount in accumulate(most[total][:-1])]
    for row, (paid, *_) in once.items():
        length = len(most[total])
        most[row] = [amount + paid for amount in most.get(row, [0] * length)]
    months = most[total][:-1]
    return most, {Row(When.SAVED, What.CHARGE, TOTAL): months, Row(When.SAVED, What.SO_FAR): so_far}


_NOTHING = Course()
_NO_MORE = Anything((), _NOTHING, ())


def _anything(
    items: Sequence[StoredItem], batch: Batch, calendar: Calendar, is_there: bool
) -> Anything:
    """`items` are those that the version may be like. `is_there`: whether the first run sees it."""
    targets = dict.fromkeys(
        into for item in items for rule in batch.rules.rules for into in _targets(rule, item)
    )
    classes = dict.fromkeys((*(item.storage_class for item in items), *targets))
    shortest = {each: minimum_stay(each) for each in classes}
    paid = Course(
        moved=tuple(Moved(0, into) for into in targets),
        early=tuple(Early(0, name, int(days.value)) for name, days in shortest.items() if days),
    )
    stays = tuple(
        Course(
            tuple(
                StoredFor(month, stored_as, days, True)
                for month, days in enumerate(calendar.lengths)
            )
        )
        for name in classes
        for stored_as in _stored_as(name, items)
    )
    done = done_at_all(items, batch) if is_there else []
    return Anything(stays, paid, tuple(Course(first=each) for each in done))


def done_at_all(items: Sequence[StoredItem], batch: Batch) -> list[Happens | str]:
    """What its rules may do to an item that is like one of these; a text is a class."""
    if not _is_reached(items, batch):
        return []
    into = (into for item in items for rule in batch.rules.rules for into in _targets(rule, item))
    return [*_first_run(items, batch.bucket.versioning), *dict.fromkeys(into)]


def _first_run(items: Sequence[StoredItem], versioning: Versioning) -> Iterator[Happens]:
    versions = [item for item in items if item.kind is ItemKind.OBJECT_VERSION]
    if versions:
        yield Happens.DELETED
    if versioning is not Versioning.OFF and any(item.current for item in versions):
        yield Happens.DELETE_MARKERS
    kinds = {item.kind for item in items}
    if ItemKind.DELETE_MARKER in kinds:
        yield Happens.MARKERS_REMOVED
    if ItemKind.MULTIPART_UPLOAD in kinds:
        yield Happens.ABORTED


def _is_reached(items: Sequence[StoredItem], batch: Batch) -> bool:
    """By any rule. Of other versions of a key it may ask for another size and other tags."""
    return any(
        rule.enabled and item.key.startswith(rule.filter.prefix)
        for rule in batch.rules.rules
        for item in items
    )


def _targets(rule: Rule, item: StoredItem) -> Iterator[str]:
    filter = rule.filter
    if rule.enabled and item.key.startswith(filter.prefix) and filter.admits_size(item.size):
        yield from (each.storage_class for each in rule.transitions)
        yield from (each.storage_class for each in rule.noncurrent_transitions)


def _stored_as(storage_class: str, items: Sequence[StoredItem]) -> Iterator[StoredAs]:
    if storage_class != INTELLIGENT_TIERING:
        yield StoredAs(storage_class)
        return
    tiers = (
        *(tier for tier, _ in TIERS_WHEN_NOT_READ),
        *(item.tier for item in items if item.tier),
    )
    monitored = {item.size >= MONITORED_FROM.value for item in items}
    for tier, is_monitored in product(dict.fromkeys(tiers), sorted(monitored)):
        yield StoredAs(storage_class, tier, is_monitored)
