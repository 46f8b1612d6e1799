"""A story as a bar over a scale of days: how long in which class, and when it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from firnline.rules.diff.changes import Change
from firnline.s3.compare.story import Story
from firnline.targets.change_bars import days_of, last_day
from firnline.targets.charts.tone import in_order, of_class

WRITTEN: Final = "STANDARD"
"""Objects are written to it, unless the writer names another class."""
_AFTER_THE_LAST: Final = 1.15
_TICKS: Final = 5
_LAST_TICK: Final = 0.95  # behind it there is no room for its words


@dataclass(frozen=True, slots=True)
class Part:
    """From one place of the bar to another, in percent of its width."""

    name: str
    tone: str
    start: str
    width: str
    days: str


@dataclass(frozen=True, slots=True)
class Bar:
    """`ends` is the place where it is gone, if it ever is; `words` say what is drawn."""

    parts: tuple[Part, ...]
    ends: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """`ticks` are days and their places."""

    before: Bar
    after: Bar
    ticks: tuple[tuple[str, str], ...]


def timeline(change: Change) -> Timeline | None:
    """None where there is no scale of days."""
    last = last_day(change)
    if last is None:
        return None
    scale = max(last, 1) * _AFTER_THE_LAST
    ticks = tuple((f"{day:,}d", _percent(day, scale)) for day in round_days(scale))
    return Timeline(bar(change.old, scale), bar(change.new, scale), ticks)


def bar(story: Story, scale: float) -> Bar:
    """`scale`: how many days it is long."""
    end = days_of(story.ends[0].when) if story.ends else None
    until = scale if end is None else end
    moves = [(0, WRITTEN), *((days_of(step.when), step.into) for step in story.moves)]
    steps = [step for step in moves if step[0] < until or step == moves[0]]
    ages = [*(age for age, _ in steps), until]
    parts = tuple(
        Part(
            name,
            tone_of(name),
            _percent(start, scale),
            _percent(stop - start, scale),
            _days(start, stop, is_last=end is None and stop == until),
        )
        for (start, stop), (_, name) in zip(pairwise(ages), steps, strict=True)
        if start < stop
    )
    words = [f"{part.name} {part.days}" for part in parts]
    gone = [] if end is None else [f"gone from day {end:,}"]
    return Bar(parts, None if end is None else _percent(end, scale), ", ".join([*words, *gone]))


def round_days(scale: float) -> Iterator[int]:
    """A few that are easily read, with room for the words of the last one."""
    step = next(each for each in _steps() if scale / each <= _TICKS)
    yield from range(0, int(scale * _LAST_TICK) + 1, step)


def tone_of(storage_class: str) -> str:
    return of_class(storage_class).value


def classes_in(found: Iterable[Timeline]) -> tuple[str, ...]:
    """The storage classes that are drawn, the warmest first."""
    sides = (side for each in found for side in (each.before, each.after))
    drawn = dict.fromkeys(part.name for side in sides for part in side.parts)
    return tuple(sorted(drawn, key=in_order))


def _days(start: float, stop: float, *, is_last: bool) -> str:
    return f"from day {start:,.0f} on" if is_last else f"from day {start:,.0f} to {stop:,.0f}"


def _percent(days: float, scale: float) -> str:
    return f"{100 * days / scale:.2f}%"


def _steps() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 3 * power, 5 * power)
        power *= 10
