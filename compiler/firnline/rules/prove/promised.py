"""Do promises hold for every object of every cell, whichever unit owns it and whatever users did?

Requirements are checked here; `meets` proves that the rules do the same. Where S3's behaviour is
uncertain, the worse case counts: none of the newest noncurrent versions is sure to stay, each
clock may take a day of rounding, and a version whose successor is deleted permanently may count as
noncurrent only since the next one was created.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from firnline.language.checks.contradicting_promise import contradicts
from firnline.language.model import Hold, Promise
from firnline.language.said import Said
from firnline.language.units import FOREVER, Kept
from firnline.rules.program import Program
from firnline.rules.prove.interference import keeps_versions
from firnline.rules.prove.promised_cells import Owners, owners_under
from firnline.rules.prove.required import Requirements, requirements
from firnline.s3.compare.effect import Effect, State, due
from firnline.s3.law.classes import CLASSES
from firnline.s3.terms import Clock, Days, Versioning, When

ROUNDING = 1
"""Days: an age is rounded up to the next midnight UTC."""


# Named tuples: a dataclass is made six times more slowly, and that at every start.
class DeletedEarly(NamedTuple):
    """An object that no user touched expires at `age`, before the promised age."""

    promise: Promise
    said: Said[Kept]
    owners: Owners
    age: Days


class OldDeletedEarly(NamedTuple):
    """A noncurrent version expires at `age`; at once, where the bucket keeps none."""

    promise: Promise
    said: Said[Kept]
    owners: Owners
    age: Days | None


class VersioningUnknown(NamedTuple):
    """Whether the bucket keeps noncurrent versions is not known yet."""

    promise: Promise
    said: Said[Kept]
    owners: Owners


class StaysLong(NamedTuple):
    """Bytes stay: until the `objects` and `old_versions` ages together, or for ever where one of
    them is None. `locked` where Object Lock may keep them in any case.
    """

    promise: Promise
    said: Said[Days]
    owners: Owners
    objects: int | None
    old_versions: int | None
    keeps_versions: bool
    locked: bool = False

    @property
    def gone_after(self) -> int | None:
        return gone_after(self.objects, self.old_versions, keeps_versions=self.keeps_versions)


class StartsAgain(NamedTuple):
    """Bytes may stay for ever: a noncurrent version counts from the creation of its successor, and
    AWS does not document what happens once that is deleted permanently. Where it then counts from
    the next one, a key that is overwritten often keeps the version.

    `suspended`: each write replaces the null version, the successor of a version with an ID.
    """

    promise: Promise
    said: Said[Days]
    owners: Owners
    suspended: bool


class Suspended(NamedTuple):
    """Bytes stay because holds keep them: that does not break `gone_within`, and is listed
    instead.
    """

    promise: Promise
    said: Said[Days]
    owners: Owners

    @property
    def holds(self) -> tuple[Hold, ...]:
        both = (self.owners.objects, self.owners.old_versions)
        return tuple(dict.fromkeys(hold for each in both if each for hold in each.unit.holds))


Broken = DeletedEarly | OldDeletedEarly | VersioningUnknown | StaysLong | StartsAgain | Suspended


@lru_cache(maxsize=2)  # two checks need it
def broken_promises(program: Program) -> tuple[Broken, ...]:
    """Each part of each promise that does not hold, with the first cell of each owner for which it
    does not."""
    return tuple(_broken(program)) if program.promises else ()


def longest(clock: Clock, effect: Effect, *, keeps_versions: bool) -> int | None:
    """The latest age in days at which an item that starts in any class expires, before rounding;
    None for never. A transition that is due on the same day may delay it by a day.
    """
    counts = (
        {0, *(newest for _, newest in effect.noncurrent_expirations)}
        if clock is Clock.NONCURRENT_VERSIONS
        else {0}
    )
    ages = [
        _end(clock, effect, State(clock, storage_class, 0, newer), keeps_versions)
        for storage_class, newer in product(CLASSES, counts)
    ]
    return None if None in ages else max(age for age in ages if age is not None)


def gone_after(objects: int | None, old: int | None, *, keeps_versions: bool) -> int | None:
    """At which age at the latest the bytes are gone, if the clocks end at those; None for never."""
    if objects is None or (keeps_versions and old is None):
        return None
    return objects + ROUNDING + ((old or 0) + ROUNDING if keeps_versions else 0)


def _broken(program: Program) -> Iterator[Broken]:
    needs = requirements(program)
    for promise in program.promises:
        if not contradicts(promise):  # FL412 reports it
            yield from _first_of_each_owner(_in_all_cells(promise, needs, program))


def _first_of_each_owner(found: Iterable[Broken]) -> Iterator[Broken]:
    seen: set[tuple[object, ...]] = set()
    for broken in found:
        key = type(broken), broken.owners.objects, broken.owners.old_versions
        if key not in seen:
            seen.add(key)
            yield broken


def _in_all_cells(promise: Promise, needs: Requirements, program: Program) -> Iterator[Broken]:
    for prefix in promise.prefixes:
        for owners in owners_under(prefix.value, promise, needs):
            yield from _in_cell(promise, owners, program)


def _in_cell(promise: Promise, owners: Owners, program: Program) -> Iterator[Broken]:
    if promise.keep_at_least is not None:
        ends = [Days(end) for end in owners.effect.expirations if isinstance(end, int)]
        if ends and _is_shorter(min(ends), promise.keep_at_least.value):
            yield DeletedEarly(promise, promise.keep_at_least, owners, min(ends))
    if promise.old_versions_at_least is not None:
        said = promise.old_versions_at_least
        old = [Days(after) for after, _ in owners.effect.noncurrent_expirations]
        if program.versioning in (Versioning.SUSPENDED, Versioning.OFF):
            # A suspended bucket keeps no version of what is overwritten while it is (S3 User
            # Guide, "Adding objects to versioning-suspended buckets").
            yield OldDeletedEarly(promise, said, owners, None)
        elif old and _is_shorter(min(old), said.value):
            yield OldDeletedEarly(promise, said, owners, min(old))
        elif program.versioning is None:
            yield VersioningUnknown(promise, said, owners)
    if promise.gone_within is not None:
        for stays in _stays(promise, promise.gone_within, owners, program):
            # What Object Lock keeps stays whether or not a hold keeps it, too.
            locked = isinstance(stays, StaysLong) and stays.locked
            suspended = _is_under_hold(owners) and not locked
            yield Suspended(promise, promise.gone_within, owners) if suspended else stays


def _is_under_hold(owners: Owners) -> bool:
    return any(each and each.before_hold for each in (owners.objects, owners.old_versions))


def _is_shorter(age: Days, kept: Kept) -> bool:
    return kept is FOREVER or age < kept


def _stays(
    promise: Promise, said: Said[Days], owners: Owners, program: Program
) -> Iterator[StaysLong | StartsAgain]:
    locked = program.buckets[0].object_lock
    for keeps in keeps_versions(program.versioning):
        stays = StaysLong(
            promise,
            said,
            owners,
            longest(Clock.OBJECTS, owners.effect, keeps_versions=keeps),
            longest(Clock.NONCURRENT_VERSIONS, owners.effect, keeps_versions=True),
            keeps,
            locked,
        )
        if locked or stays.gone_after is None or stays.gone_after > said.value:
            yield stays
            return
        suspended = program.versioning is Versioning.SUSPENDED
        if keeps and (suspended or owners.successor_ends_sooner):
            yield StartsAgain(promise, said, owners, suspended)
            return


def _end(clock: Clock, effect: Effect, state: State, keeps_versions: bool) -> int | None:
    days = {int(when) for when in _whens(clock, effect) if isinstance(when, int)}
    age, storage_class = 0, state.storage_class
    while True:
        now = State(clock, storage_class, age, state.newer)
        outcome = due(effect, now, keeps_versions=keeps_versions)
        if outcome.ends:
            return age
        if outcome.moves_to:
            age, storage_class = age + 1, outcome.moves_to
            continue
        age = next((day for day in sorted(days) if day > age), -1)
        if age < 0:
            return None


def _whens(clock: Clock, effect: Effect) -> Iterator[When | int]:
    if clock is Clock.OBJECTS:
        yield from (when for when, _ in effect.transitions)
        yield from effect.expirations
    else:
        yield from (move[0] for move in effect.noncurrent_transitions)
        yield from (end[0] for end in effect.noncurrent_expirations)
