"""Two stories as bars over one scale of days: hot, colder, gone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from firnline.rules.diff.changes import Change
from firnline.s3.compare.story import Story
from firnline.s3.terms import Clock
from firnline.targets.legend import AFTER, GONE, legend, sign_of

WIDTH: Final = 30
LAST: Final = WIDTH - 4
"""The cell of the last step: leaves room after it."""
_WRITTEN: Final = "STANDARD"
"""Objects are written to it, unless the writer names another class."""


def bars(change: Change) -> tuple[str, str] | None:
    """Two bars of the same width; none where there is no scale: with dates, with versions kept by
    their number, and where only an expiration changes.
    """
    last = last_day(change)
    return None if last is None else (_bar(change.old, last), _bar(change.new, last))


def last_day(change: Change) -> int | None:
    """Of both stories, in the bars' cell `LAST`; none where there is no scale."""
    steps = [step for story in (change.old, change.new) for step in (*story.moves, *story.ends)]
    by_age = not any(isinstance(step.when, date) or step.newest for step in steps)
    if change.clock not in (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS) or not by_age:
        return None
    return max(days_of(step.when) for step in steps)


def legend_of(changes: Iterable[Change]) -> str:
    """The signs in the bars of these changes; empty where there are no bars."""
    drawn = [story for each in changes if bars(each) for story in (each.old, each.new)]
    states = {_WRITTEN, *(step.into for story in drawn for step in story.moves)}
    ends = {None} if any(story.ends for story in drawn) else set()
    return legend(states | ends) if drawn else ""


def days_of(when: object) -> int:
    """Of a step that has a place on the scale."""
    assert isinstance(when, int)
    return int(when)


def _bar(story: Story, last: int) -> str:
    drawn = [sign_of(_WRITTEN)] * WIDTH
    for step in story.moves:
        start = days_of(step.when) * LAST // max(last, 1)
        drawn[start:] = [sign_of(step.into)] * (WIDTH - start)
    for end in story.ends[:1]:
        place = days_of(end.when) * LAST // max(last, 1)
        drawn[place:] = [GONE, *AFTER * (WIDTH - place - 1)]
    return "".join(drawn)
