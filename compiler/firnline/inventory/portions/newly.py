"""What is lost before next month is over that would stay under the rules before a change?"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Final, NamedTuple

from firnline.inventory.forecast.first_run import Happens, done_by
from firnline.inventory.forecast.usage import Fate

GONE: Final = (Happens.DELETED, Happens.ABORTED)
LOST: Final = (*GONE, Happens.DELETE_MARKERS)


class Newly(Enum):
    """What is lost: hidden or deleted, or deleted where it would be hidden alone."""

    LOST = "lost"


class Losses(NamedTuple):
    """The days on which an item is lost, and gone for good; the end where not before that."""

    lost: int
    gone: int


def times_newly_lost(after: Fate, before: Fate, begin: datetime, end: int, *, arrives: bool) -> int:
    """Of one item before the day `end`, counted from `begin`, or where it `arrives` on each day, of
    those that are written before then.
    """
    new, old = (_losses(each, begin, end) for each in (after, before))
    if arrives:
        return days_newly_lost(new, old, end)
    return int((new.lost < end <= old.lost) or (new.gone < end <= old.gone))


def days_newly_lost(new: Losses, old: Losses, end: int) -> int:
    """On so many days before the end something is written that is newly lost."""
    lost, gone = (
        range(end - min(before, end), end - min(after, end))
        for after, before in zip(new, old, strict=True)
    )
    both = range(max(lost.start, gone.start), min(lost.stop, gone.stop))
    return len(lost) + len(gone) - len(both)


def _losses(fate: Fate, begin: datetime, end: int) -> Losses:
    lost = gone = end
    for step in fate.steps:
        done, day = done_by(step, fate.stored.example.kind), (step.at - begin).days
        if done in LOST:
            lost = min(lost, day)
        if done in GONE:
            gone = min(gone, day)
    return Losses(lost, gone)
