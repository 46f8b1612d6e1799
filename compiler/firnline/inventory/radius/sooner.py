"""What do new rules do to an item that the old ones do not do, or only later?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, assert_never

from firnline.inventory.forecast.first_run import Happens, done_by
from firnline.inventory.forecast.usage import Fate
from firnline.s3.simulate.stored import ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import Clock

Done = Happens | str
"""A text is the storage class that an item is moved into."""
DELETING: Final = (Happens.DELETED, Happens.DELETE_MARKERS, Happens.ABORTED)


class Window(StrEnum):
    """In which time something falls due: by the first midnight of the rules, or in all months. S3
    does one thing a day to an object, so what is due twice at first takes two midnights.
    """

    FIRST_RUN = "first_run"
    MONTHS = "months"


class Way(StrEnum):
    """Whether the new rules do it, and the old ones not or later; or the other way round."""

    NEW = "new"
    NO_LONGER = "no_longer"


class Event(NamedTuple):
    """What one set of rules does to an item, and by which clock. It is `due` so many days after the
    first midnight, 0 also before that.
    """

    done: Done
    due: int
    clock: Clock


class Difference(NamedTuple):
    window: Window
    way: Way
    event: Event


def differences(old: Fate, new: Fate, begin: datetime) -> Iterator[Difference]:
    """Of one item. What is due by one of the sets of rules at the first midnight, and by the other
    one later, is a difference of the first run, and of all months too.
    """
    before, after = ({each.done: each for each in events(fate, begin)} for fate in (old, new))
    for way, ours, theirs in ((Way.NEW, after, before), (Way.NO_LONGER, before, after)):
        for done, event in ours.items():
            other = theirs.get(done)
            if other is not None and other.due <= event.due:
                continue
            yield Difference(Window.MONTHS, way, event)
            if not event.due:
                yield Difference(Window.FIRST_RUN, way, event)


def events(fate: Fate, begin: datetime) -> Iterator[Event]:
    """Each kind of them once, as no rule does the same to an item twice."""
    item = fate.stored.example
    clock, late = clock_of(item), 0
    for step in fate.steps:
        hides = step.taken.action is LifecycleAction.DELETE_MARKER
        day, since = (step.at - begin).days, step.taken.due
        # By how many days other actions came first, also before a version became noncurrent.
        due = max(0, (since - begin).days - late) if since else day
        done = done_by(step, item.kind)
        if done is not None:
            # A null marker takes the place of a null version when the current one expires.
            yield Event(done, due, Clock.OBJECTS if hides else clock)
        if hides:
            clock, late = Clock.NONCURRENT_VERSIONS, day - due


def clock_of(item: StoredItem) -> Clock:
    """By which its days count as it is now."""
    match item.kind:
        case ItemKind.MULTIPART_UPLOAD:
            return Clock.MULTIPART_UPLOADS
        case ItemKind.DELETE_MARKER:
            return Clock.DELETE_MARKERS if item.current else Clock.NONCURRENT_VERSIONS
        case ItemKind.OBJECT_VERSION:
            return Clock.OBJECTS if item.current else Clock.NONCURRENT_VERSIONS
        case _:
            assert_never(item.kind)
