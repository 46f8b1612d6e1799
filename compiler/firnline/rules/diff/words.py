"""The stories of a change in words of the policy: `warm 14d, cold 60d, delete 180d`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.language.model import Tier
from firnline.rules.diff.changes import Change
from firnline.rules.diff.items import ANYWHERE, UNNAMED
from firnline.rules.diff.where import MOST_SHOWN
from firnline.rules.diff.where import in_words as where_in_words
from firnline.s3.compare.story import Step, Story
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.phrases import from_size, newest_excepted, when_in_words
from firnline.s3.terms import Clock, Days, freed_at

_MOST_BUCKETS = 3
_KEPT = "nothing happens"
_USUAL_FLOORS = (0, 1, SMALL_OBJECT)


def in_words(change: Change) -> tuple[str, str]:
    """The old story and the new one, each on one line."""
    tiers = _tiers(change)
    freed = change.freed_alike
    return (
        _story(change.old, tiers) + (_freed_in_words(change.old, freed[0]) if freed else ""),
        _story(change.new, tiers) + (_freed_in_words(change.new, freed[1]) if freed else ""),
    )


def subject(change: Change) -> str:
    """`noncurrent versions in logs/, 128KiB or larger`"""
    return f"{change.clock.value} in {places(change)}"


def places(change: Change, most: int | None = MOST_SHOWN) -> str:
    """`most`: how many entries of a list are named before the rest is counted; None names all."""
    return "; and ".join(where_in_words(each, most) for each in change.where)


def few(keys: Sequence[str]) -> str:
    """The first three, and how many more; names alone where that is all that is known."""
    named = ", ".join(map(called, keys[:_MOST_BUCKETS]))
    more = len(keys) - _MOST_BUCKETS
    return f"{named} and {more:,} more" if more > 0 else named


def called(key: str) -> str:
    """A bucket."""
    return "a bucket that neither names" if key == UNNAMED else visible(key.removeprefix(ANYWHERE))


def by_days(change: Change) -> str:
    """`, by 90 days`: how much sooner or later the expiration comes, where both stories have one
    day.
    """
    ends = [story.ends[0].when for story in (change.old, change.new) if len(story.ends) == 1]
    days = [int(when) for when in ends if isinstance(when, int)]
    if len(days) < 2 or days[0] == days[1]:
        return ""
    apart = abs(days[0] - days[1])
    return f" by {how_many(apart, 'day')}"


def _tiers(change: Change) -> dict[str, Tier]:
    """The policies' names of the classes; empty where the two snapshots do not agree."""
    said = {pair for owner in change.owners if owner for pair in owner.tiers}
    by_class = dict(said)
    agree = len(said) == len(by_class) == len(set(by_class.values()))
    return by_class if agree else {}


def _freed_in_words(story: Story, later: int | None) -> str:
    if not story.ends:
        return ""
    if later is None:
        return " (bytes stay)"
    freed = freed_at(story.ends[0].when, later)
    return f" (bytes gone {f'{later}d later' if freed is None else freed})"


def _story(story: Story, tiers: dict[str, Tier]) -> str:
    if story.is_empty:
        return _KEPT
    floor = story.moves_from
    floor_said = "" if floor in _USUAL_FLOORS else f" ({from_size(floor)})"
    moves = [
        f"{visible(tiers.get(step.into, step.into))} {_when(step)}{floor_said}"
        for step in story.moves
    ]
    return ", ".join([*moves, *_ends(story)])


def _ends(story: Story) -> Iterator[str]:
    for step in story.ends:
        match story.clock:
            case Clock.MULTIPART_UPLOADS:
                yield f"abort {when_in_words(step.when)}"
            case Clock.DELETE_MARKERS:
                yield "removed" if step.when == Days(0) else f"removed {when_in_words(step.when)}"
            case Clock.OBJECTS | Clock.NONCURRENT_VERSIONS:
                yield f"delete {_when(step)}"
            case _:
                assert_never(story.clock)


def _when(step: Step) -> str:
    return when_in_words(step.when) + newest_excepted(step.newest)
