"""What would become of one thing of a cell on either side? A difference as two stories, in days."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from firnline.s3.compare.cells import Cell, key_in
from firnline.s3.compare.difference import Bare, Difference
from firnline.s3.compare.effect import BEGINNING, Asks, Part, State
from firnline.s3.model import (
    Filter,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.simulate.history import story
from firnline.s3.simulate.stored import Action, BucketState, Sort, Thing
from firnline.s3.terms import Days, StorageClass, Versioning, When

_START = date(2001, 1, 1).toordinal()
"""Any day will do where no rule has a date."""
_LAST = date.max.toordinal() - 9


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at an age in whole days: into a class, or an end in words."""

    age: int
    what: str

    def __str__(self) -> str:
        return f"{self.what} at {self.age}d"


@dataclass(frozen=True, slots=True)
class Witness:
    """A thing that tells two sides apart, and what each does with it from `today` on."""

    thing: Thing
    state: State
    today: datetime
    versioning: Versioning
    one: tuple[Step, ...]
    other: tuple[Step, ...]

    def __str__(self) -> str:
        parts = [self.thing.key]
        parts += [f"tagged {key}={value}" for key, value in self.thing.tags]
        if self.thing.sort is Sort.DATA:
            parts.append(f"of {self.thing.size:,} bytes")
        parts.append(_standing(self.state))
        if self.thing.legal_hold:
            parts.append("under a legal hold")
        return ", ".join(parts)


def witness_of(difference: Difference, prefixes: Set[str], *, locked: bool = False) -> Witness:
    """A difference as a person can check it; `prefixes` are all that either side speaks of, and
    `locked` tells whether the thing is to be under a legal hold."""
    state, cell = difference.state, difference.cell
    today = _today(difference)
    thing = _thing(state, cell, key_in(cell.prefix, prefixes), today)
    if locked:
        thing = replace(thing, legal_hold=True)
    sides = difference.one, difference.other
    one, other = (told(_rules(side), difference.versioning, thing, today) for side in sides)
    return Witness(thing, state, today, difference.versioning, one, other)


def told(rules: RuleSet, versioning: Versioning, thing: Thing, today: datetime) -> tuple[Step, ...]:
    """The story of a thing from a day on, until it is gone or hidden by a delete marker."""
    began = thing.created if thing.noncurrent_since is None else thing.noncurrent_since
    steps = []
    for event in story(rules, BucketState(versioning), thing, today):
        age = (event.at - began).days
        steps.append(Step(age, _done(event.owed.action, event.owed.storage_class)))
        if event.owed.action is Action.DELETE_MARKER:
            break  # from here on it is an old version: another part, with asks of its own
    return tuple(steps)


def in_words(steps: tuple[Step, ...]) -> str:
    return ", then ".join(map(str, steps)) if steps else "nothing"


def _today(difference: Difference) -> datetime:
    """Half a day before the midnight at which the difference shows: so many whole days lie between
    then and a beginning at noon, and a date is due at that midnight or not yet."""
    state, sides = difference.state, (difference.one, difference.other)
    dates = {when.toordinal() for side in sides for when in _whens(side) if isinstance(when, date)}
    if state.today != BEGINNING:
        day = state.today.toordinal() - 1
    elif dates:
        day = min(_START, min(dates) - 2)
    else:
        day = max(_START, int(state.age) + 2)
    return datetime.combine(date.fromordinal(min(max(day, 2), _LAST)), time(12), UTC)


def _whens(side: Asks | Bare) -> Iterator[When]:
    yield from side.ends
    if isinstance(side, Asks):
        yield from (when for when, _ in side.moves)


def _standing(state: State) -> str:
    words = {
        Part.CURRENT: f"in {state.storage_class}",
        Part.OLD: f"{'a locked' if state.locked else 'an'} old version in {state.storage_class}",
        Part.SOLE_MARKER: "a delete marker that hides nothing",
        Part.OLD_MARKER: "an old delete marker",
        Part.UPLOAD: "an unfinished upload",
    }[state.part]
    newer = f" with {state.newer} newer ones" if state.newer else ""
    today = f" on {state.today}" if state.today != BEGINNING else ""
    return f"{words}{newer}, {int(state.age)} days old{today}"


def _thing(state: State, cell: Cell, key: str, today: datetime) -> Thing:
    began = today - timedelta(days=min(int(state.age), today.toordinal() - 2))  # after year 1
    old = state.part in (Part.OLD, Part.OLD_MARKER)
    is_data = state.part in (Part.CURRENT, Part.OLD)
    is_upload = state.part is Part.UPLOAD
    return Thing(
        key,
        began,
        size=cell.size if is_data else 0,
        storage_class=state.storage_class,
        tags=cell.tags if is_data else (),
        sort=Sort.DATA if is_data else Sort.UPLOAD if is_upload else Sort.MARKER,
        current=not old,
        noncurrent_since=began if old else None,
        newer_noncurrent=state.newer,
        legal_hold=state.locked,
    )


def _done(action: Action, storage_class: str | None) -> str:
    return {
        Action.TRANSITION: f"moved to {storage_class}",
        Action.EXPIRE: "deleted",
        Action.DELETE_MARKER: "hidden by a delete marker",
        Action.DELETE_VERSION: "deleted for good",
        Action.REMOVE_DELETE_MARKER: "removed",
        Action.ABORT_UPLOAD: "aborted",
        Action.NONE: "left alone",
    }[action]


def _rules(side: Asks | Bare) -> RuleSet:
    """What is asked of the cell as rules for everything; the size filter lifts S3's floor, which
    the asks have in them already."""
    rules = _of_bare(side) if isinstance(side, Bare) else _of_objects(side)
    return RuleSet(tuple(replace(rule, id=str(place)) for place, rule in enumerate(rules)))


def _of_bare(side: Bare) -> Iterator[Rule]:
    yield Rule("", Filter(), removes_sole_markers=side.removes_markers)
    for when in side.ends:
        yield Rule("", Filter(), expires=when)
    for after, newest in side.old_markers.old_ends:
        yield Rule("", Filter(), noncurrent_expires=_old_end(after, newest))
    if side.uploads is not None:
        yield Rule("", Filter(), aborts_uploads_after=Days(side.uploads))


def _of_objects(side: Asks) -> Iterator[Rule]:
    for when, target in side.moves:
        yield Rule("", _ANY_SIZE, transitions=(Transition(when, StorageClass(target)),))
    for when in side.ends:
        yield Rule("", _ANY_SIZE, expires=when)
    for after, target, newest in side.old_moves:
        move = NoncurrentTransition(Days(after), StorageClass(target), newest or None)
        yield Rule("", _ANY_SIZE, noncurrent_transitions=(move,))
    for after, newest in side.old_ends:
        yield Rule("", _ANY_SIZE, noncurrent_expires=_old_end(after, newest))


_ANY_SIZE = Filter(smaller_than=2**63)


def _old_end(after: int, newest: int) -> NoncurrentExpiration:
    return NoncurrentExpiration(Days(after), newest or None)
