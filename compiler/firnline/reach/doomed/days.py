"""Which objects that are stored now are lost to doomed references, and on which days?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Final, NamedTuple

from firnline.reach.doomed.doomed import MOST_NAMED, Doomed, Entry, Lost, Needed
from firnline.reach.doomed.holders import Holders
from firnline.reach.location import Location, LocationKind
from firnline.rules.threats import Loss, Threat, is_out_of_reach
from firnline.s3.scope import Scope, Tags
from firnline.s3.simulate.clock import due_after, midnight_from

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class StoredObject(NamedTuple):
    """A current version. What is None is not known, and then any filter may match it."""

    key: str
    created: datetime
    size: int | None
    tags: Tags | None
    storage_class: str | None


class Days:
    """Of all that is doomed, with every reference `named`; handed all that is stored, in any order,
    one object after the other.
    """

    def __init__(self, doomed: Sequence[Doomed]) -> None:
        self._doomed = doomed
        self._found: list[dict[int, tuple[datetime, int]]] = [{} for _ in doomed]
        self._by_bucket: dict[str, list[_OfEntry]] = {}
        of: dict[Entry, _OfEntry] = {}
        for group, each in enumerate(doomed):
            if each.entry not in of:
                of[each.entry] = _OfEntry(each.entry)
                self._by_bucket.setdefault(each.entry.bucket, []).append(of[each.entry])
            of[each.entry].add(group, each)

    @property
    def buckets(self) -> tuple[str, ...]:
        return tuple(self._by_bucket)

    def starts(self, bucket: str) -> tuple[str, ...]:
        """Only objects whose keys begin with one of these are lost there."""
        found = {each.threat.scope.prefix for each in self._doomed if each.entry.bucket == bucket}
        kept: list[str] = []
        for prefix in sorted(found):
            if not kept or not prefix.startswith(kept[-1]):
                kept.append(prefix)
        return tuple(kept)

    def see(self, bucket: str, stored: StoredObject) -> None:
        for entry in self._by_bucket.get(bucket, ()):
            for (group, number), due in entry.losses(stored):
                first, count = self._found[group].get(number, (_NEVER, 0))
                self._found[group][number] = min(first, due), count + 1

    def dated(self, as_of: Mapping[str, datetime], today: date) -> Iterator[Doomed]:
        """Each with those of its references `named` that lose an object first. `as_of` is the
        moment of what is known to be stored, of each bucket whose objects were all seen.
        """
        for found, each in zip(self._found, self._doomed, strict=True):
            moment = as_of.get(each.entry.bucket)
            if moment is None:
                yield replace(each, named=each.named[:MOST_NAMED])
                continue
            named = [_with(needed, found.get(nth), today) for nth, needed in enumerate(each.named)]
            named.sort(key=_place)
            yield replace(each, named=tuple(named[:MOST_NAMED]), stored_as_of=moment)


class _OfEntry:
    """What is needed in one bucket, as numbers of a group and of a reference in it."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._holders: Holders[tuple[int, int]] = Holders()
        self._threats: dict[int, Threat] = {}

    def add(self, group: int, doomed: Doomed) -> None:
        self._threats[group] = doomed.threat
        for number, needed in enumerate(doomed.named):
            for location in (needed.location, *needed.also):
                self._holders.add(location, (group, number))

    def losses(self, stored: StoredObject) -> Iterator[tuple[tuple[int, int], datetime]]:
        """The references that lose the object, and when."""
        holders = set(self._holders.of(stored.key))
        if not holders:
            return
        lost = dict(self._lost(stored))
        for holder in holders:
            due = lost.get(self._threats[holder[0]])
            if due is not None:
                yield holder, due

    def _lost(self, stored: StoredObject) -> Iterator[tuple[Threat, datetime]]:
        """What deletes it first, and what archives it before that."""
        there = Location(self._entry.bucket, LocationKind.EXACT, stored.key)
        due = list(_due(self._entry.threats.of(there), stored))
        deleted, archived = (_first(due, loss) for loss in (Loss.DELETED, Loss.ARCHIVED))
        if deleted is not None:
            yield deleted
        if archived is None or is_out_of_reach(stored.storage_class):
            return
        if deleted is None or archived[1] < deleted[1]:
            yield archived


def _first(due: Iterable[tuple[Threat, datetime]], loss: Loss) -> tuple[Threat, datetime] | None:
    of_loss = (each for each in due if each[0].loss is loss)
    return min(of_loss, key=itemgetter(1), default=None)


def _due(threats: Iterable[Threat], stored: StoredObject) -> Iterator[tuple[Threat, datetime]]:
    written = midnight_from(stored.created)
    for threat in threats:
        due = due_after(stored.created, threat.after)
        if due is not None and _may_match(threat.scope, stored):
            yield threat, max(due, written)  # a date may be before it


def _may_match(scope: Scope, stored: StoredObject) -> bool:
    """By what is known of it, its key aside."""
    if stored.tags is not None and not set(scope.tags) <= set(stored.tags):
        return False
    if stored.size is None:
        return True
    return scope.at_least <= stored.size and (scope.at_most is None or stored.size <= scope.at_most)


def _with(needed: Needed, found: tuple[datetime, int] | None, today: date) -> Needed:
    if found is None:
        return needed
    day = found[0].date()
    return replace(needed, lost=Lost(day, found[1], day <= today))


def _place(needed: Needed) -> tuple[bool, object]:
    """The earliest first; what loses nothing that is stored comes last."""
    return needed.lost is None, needed.lost and needed.lost.day
