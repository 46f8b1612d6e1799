"""Bytes by storage class and a number of objects, and no more → what each of them may be like.

Nothing is taken to be likely: an object may be below any prefix, of any age that is possible, with
any tags, in any state that its bucket's versioning allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import combinations, pairwise, product
from typing import Final, NamedTuple

from firnline.inventory.forecast.cuts import Cuts, Tags, cuts
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.undecided import Contents, Undecided, Unfollowed
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.storage_metrics import Place
from firnline.s3.billing import MINIMUM_SIZE, TIERS_WHEN_NOT_READ, WITH_MINIMUM_SIZE
from firnline.s3.law.classes import minimum_stay
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import Rule, RuleSet
from firnline.s3.simulate.clock import DAY, midnight_from
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import Versioning

STANDARD: Final = Place("STANDARD")
_SLACK: Final = 3
"""Days: actions that are overdue are taken one a day, and a size is of some hour of its day."""
_MOST_TAGS: Final = 6


class TooManyTags(Exception):
    """There are too many sets of tags that objects may have."""


class OfPlace(NamedTuple):
    """What is stored in one class or tier. `objects` where they are known, `padding` what they are
    billed beyond their size.
    """

    bytes: int
    padding: int = 0
    objects: int = 0


@dataclass(frozen=True, slots=True)
class SizesAlone:
    """`others` counts what is in none of `places` by its number, delete markers and the parts of
    uploads too. `older`: of the bytes in STANDARD at most so many are older than so many days.
    """

    places: Mapping[Place, OfPlace]
    others: int
    older: tuple[tuple[int, int], ...] = ()

    def later(self, days: int) -> SizesAlone:
        """As of a later day on which the same is stored."""
        return replace(self, older=tuple((age + days, most) for age, most in self.older))


def may_be(
    sizes: SizesAlone,
    rule_sets: Sequence[RuleSet],
    state: BucketState,
    at: datetime,
    months: int,
) -> Contents:
    """As of a moment, for a forecast of so many months. Raises `TooManyTags`."""
    possible = _Possible(rule_sets, state, at, months)
    found: list[Undecided] = []
    for place, stored in sizes.places.items():
        if place == STANDARD:
            found += _in_standard(sizes, stored, possible)
        else:
            volume = Volume(stored.objects, stored.bytes, stored.bytes + stored.padding)
            found.append(_undecided(possible.items(place), volume))
    if sizes.others:
        places = list(dict.fromkeys((STANDARD, *sizes.places)))
        items = [each for place in places for each in possible.items(place)]
        markers = list(possible.markers())
        found.append(_undecided([*items, *markers], Volume(sizes.others)))
        # What pads objects where they are now is known.
        small = [
            each
            for each in items
            if _is_small(each.item) and each.item.storage_class not in WITH_MINIMUM_SIZE
        ]
        padding = Volume(padded=sizes.others * MINIMUM_SIZE.value)
        found.append(_undecided([*small, markers[0]], padding))
    return possible.contents([each for each in found if any(_volume(each))])


def may_arrive(
    bytes_a_day: int, rule_sets: Sequence[RuleSet], state: BucketState, begin: datetime
) -> Contents:
    """Of what is written every day from `begin` on, as far as it stays. Raises `TooManyTags`."""
    possible = _Possible(rule_sets, state, begin, 0)
    items = [
        each
        for each in possible.items(STANDARD, 0)
        if each.item.created == begin and each.item.current
    ]
    return possible.contents([_undecided(items, Volume(0, bytes_a_day, bytes_a_day))])


def _in_standard(sizes: SizesAlone, stored: OfPlace, possible: _Possible) -> Iterator[Undecided]:
    """The oldest bytes may have any age, and so on: of those that are younger it is known."""
    in_small = min(stored.bytes, sizes.others * MINIMUM_SIZE.value)
    ages = [(0, stored.bytes), *sizes.older]
    slices = [(most - older, days) for (_, most), (days, older) in pairwise(ages) if most > older]
    for size, younger_than in [*slices, (ages[-1][1], None)]:
        most_small = min(size, in_small)
        items = list(possible.items(STANDARD, younger_than))
        large = [each for each in items if not _is_small(each.item)]
        yield _undecided(items, Volume(0, most_small, most_small))
        yield _undecided(large, Volume(0, size - most_small, size - most_small))


def _undecided(items: Iterator[_Item] | Sequence[_Item], volume: Volume) -> Undecided:
    return Undecided(tuple((Stored(each.item, volume, each.in_class_since),) for each in items))


def _volume(undecided: Undecided) -> Volume:
    ((stored,), *_) = undecided.possible
    return stored.volume


class _Item(NamedTuple):
    item: StoredItem
    in_class_since: datetime


def _is_small(item: StoredItem) -> bool:
    return item.kind is ItemKind.OBJECT_VERSION and item.size < MINIMUM_SIZE.value


def _noncurrent(item: StoredItem) -> StoredItem:
    return replace(item, current=False, noncurrent_since=item.created)


class _Possible:
    """Items between which rules may tell."""

    def __init__(
        self, rule_sets: Sequence[RuleSet], state: BucketState, at: datetime, months: int
    ) -> None:
        self._rules = [rule for each in rule_sets for rule in each.rules if rule.enabled]
        self._cuts = cuts(rule_sets, state.versioning is Versioning.SUSPENDED)
        self._cells = _cells(self._cuts, self._rules)
        self._untagged = [cell for cell in self._cells if not cell.tags]
        self._versioning = state.versioning
        self._at = midnight_from(at)
        begin, *others = starts(at, months)
        self._months = [0, *((moment - begin).days for moment in others)]

    def contents(self, found: Sequence[Undecided]) -> Contents:
        """What depends on other versions of a key no size tells: how many are newer, and when one
        more is. Where a rule counts them, it may act on any version on any day. So may one that
        expires a current version under suspended versioning, where a delete marker takes the place
        of the null version.
        """
        replaces = self._versioning is Versioning.SUSPENDED and any(
            rule.expires is not None for rule in self._rules
        )
        if self._cuts.counts or replaces:
            return Contents((), (), [Unfollowed(each.possible) for each in found])
        return Contents((), found)

    def items(self, place: Place, younger_than: int | None = None) -> Iterator[_Item]:
        """That are in a class or tier."""
        for cell in self._cells:
            sizes = sorted({0, MINIMUM_SIZE.value, SMALL_OBJECT, *_sizes(cell.rules)})
            for size, age in product(sizes, self._ages(cell.rules, place, younger_than)):
                made = self._at - age * DAY
                one = StoredItem(
                    cell.key, made, size, place.storage_class, cell.tags, tier=place.tier
                )
                # In a colder class it may have been for as long, or have just come there.
                since = {made} if place == STANDARD else {made, self._at}
                yield from map(_Item._make, product(self._states(one), since))
        if place == STANDARD:
            yield from self._uploads(younger_than)

    def _uploads(self, younger_than: int | None) -> Iterator[_Item]:
        """They have no tags, and any size."""
        for cell in self._untagged:
            for age in self._ages(cell.rules, STANDARD, younger_than):
                made = self._at - age * DAY
                item = StoredItem(cell.key, made, kind=ItemKind.MULTIPART_UPLOAD)
                yield _Item(item, made)

    def markers(self) -> Iterator[_Item]:
        """Delete markers; one that no rule removes counts where there is no version, too."""
        one = StoredItem("", self._at, kind=ItemKind.DELETE_MARKER, hidden=1)
        yield _Item(one, self._at)
        if self._versioning is Versioning.OFF:
            return
        for cell in self._untagged:
            for age in self._ages(cell.rules, STANDARD, None):
                made = self._at - age * DAY
                sole = replace(one, key=cell.key, created=made, hidden=0)
                yield from (_Item(item, made) for item in (sole, _noncurrent(sole)))

    def _states(self, item: StoredItem) -> Iterator[StoredItem]:
        yield item
        if self._versioning is Versioning.SUSPENDED:
            yield replace(item, null_version=True)
        if self._versioning is not Versioning.OFF:
            yield _noncurrent(item)

    def _ages(self, rules: Sequence[Rule], place: Place, younger_than: int | None) -> list[int]:
        """In days, those between which what is billed in a month is as between their ends: an age
        moves an action by a day, and that matters otherwise only where a month, a minimum duration
        or an access tier begins or ends, or where the action is overdue.
        """
        days = {each for rule in rules for each in _days(rule)}
        stay = minimum_stay(place.storage_class)
        shortest = {int(each.value) for each in (stay, *map(minimum_stay, _classes(rules))) if each}
        if place.tier is not None:
            shortest |= {int(age) for _, age in TIERS_WHEN_NOT_READ}
            days |= shortest
        ends = {*self._months, *shortest}
        last = max(days, default=0) + _SLACK
        if younger_than is not None:
            last = min(last, younger_than + _SLACK)
        found = {day - end + by for day in days for end in ends for by in (-1, 0, 1)}
        found |= {day + by for day in days for by in range(_SLACK + 1)}
        if place != STANDARD:  # since when it is there counts for what is deleted
            last += max(shortest, default=0)
            found |= {day + by for day in shortest for by in range(-_SLACK, 2)}
        return sorted(age for age in {0, 1, last, *found} if 0 <= age <= last)


def _days(rule: Rule) -> Iterator[int]:
    """At which it acts. A date is the same for all ages."""
    ends = [each.when for each in rule.transitions]
    ends += [each for each in (rule.expires, rule.aborts_uploads_after) if each is not None]
    for end in ends:
        if not isinstance(end, date):
            yield int(end)
    for noncurrent in rule.noncurrent_transitions:
        yield int(noncurrent.after)
    if rule.noncurrent_expires is not None:
        yield int(rule.noncurrent_expires.after)


def _classes(rules: Sequence[Rule]) -> set[str]:
    moves = {str(each.storage_class) for rule in rules for each in rule.transitions}
    return moves | {
        str(each.storage_class) for rule in rules for each in rule.noncurrent_transitions
    }


class _Cell(NamedTuple):
    """A key and tags, and the rules that see an object with them, if it has the right size."""

    key: str
    tags: Tags
    rules: tuple[Rule, ...]


def _cells(cuts: Cuts, rules: Sequence[Rule]) -> list[_Cell]:
    """One for each set of rules that may see an object; those without tags come first."""
    found: dict[tuple[int, ...], _Cell] = {}
    for tags, key in product(_tag_sets(cuts), ("", *cuts.bounds)):
        seen = tuple(
            number
            for number, rule in enumerate(rules)
            if key.startswith(rule.filter.prefix) and set(rule.filter.tags) <= set(tags)
        )
        found.setdefault(seen, _Cell(key, tags, tuple(rules[number] for number in seen)))
    return list(found.values())


def _sizes(rules: Sequence[Rule]) -> Iterator[int]:
    """From which on a rule sees an object, or no longer."""
    for rule in rules:
        yield rule.filter.at_least
        if rule.filter.smaller_than is not None:
            yield rule.filter.smaller_than


def _tag_sets(cuts: Cuts) -> list[Tags]:
    """What an object may have of the tags that rules filter by: one value for each of its keys."""
    if len(cuts.tags) > _MOST_TAGS:
        raise TooManyTags
    found: dict[Tags, None] = {(): None}
    for number in range(1, len(cuts.tags) + 1):
        for chosen in combinations(cuts.tags, number):
            tags = {tag for each in chosen for tag in each}
            if len(dict(tags)) == len(tags):
                found[tuple(sorted(tags))] = None
    return list(found)
